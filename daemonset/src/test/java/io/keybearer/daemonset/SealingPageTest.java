package io.keybearer.daemonset;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of sealing says what {@code seal --help} says. */
class SealingPageTest {

  @Test
  void namesEveryFlagWithItsVariableAndDefaultAndNoOther() throws IOException {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    SealSettings.read(reader);

    FlagTable.of("sealing.md").assertTells(reader.help());
  }
}
