package io.keybearer.daemonset;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of settings says what {@code serve --help} says. */
class SettingsPageTest {

  @Test
  void namesEveryFlagWithItsVariableAndDefaultAndNoOther() throws IOException {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    ServeSettings.read(reader, StoreCatalogue.ofProject().names());

    FlagTable.of("settings.md").assertTells(reader.help());
  }
}
