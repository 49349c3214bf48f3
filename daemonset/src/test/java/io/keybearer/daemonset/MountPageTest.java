package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of {@code mount} says what its help says. */
class MountPageTest {

  @Test
  void namesEveryFlagWithItsVariableAndDefaultAndNoOther() throws IOException {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    MountSettings.read(reader);

    assertThat(reader.help()).contains("--target", "--sealed-key-dir", "--max-value-bytes");
    FlagTable.of("mount.md").assertTells(reader.help(), FlagTable.of("settings.md"));
  }
}
