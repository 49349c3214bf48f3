package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackendsTest {

  private final StoreCatalogue stores = StoreCatalogue.ofProject();
  private final StoreSettings settings =
      StoreSettings.read(new SettingsReader(List.of(), Map.of()));
  private final Backends backends = stores.backends(settings, StoreParts.ofPlans(settings));

  @Test
  void makesEveryStoreThatCanBeServed() {
    assertThat(stores.names())
        .isNotEmpty()
        .allSatisfy(store -> assertThat(backends.named(store).name()).isEqualTo(store));
  }

  @Test
  void makesAStoreOnce() {
    assertThat(backends.named("sealed")).isSameAs(backends.named("sealed"));
  }

  @Test
  void knowsNoOtherStore() {
    assertThatThrownBy(() -> backends.named("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no store is called other");
  }
}
