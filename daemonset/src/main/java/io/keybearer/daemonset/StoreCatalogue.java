package io.keybearer.daemonset;

import io.keybearer.provider.Backend;
import io.keybearer.provider.aws.AwsBackend;
import io.keybearer.provider.sealed.SealedBackend;
import io.keybearer.provider.vault.VaultBackend;
import io.keybearer.provider.vault.VaultDialect;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Every store that a process can serve, by the name of its socket: those of this project, and what
 * somebody who starts the process adds to them.
 */
public final class StoreCatalogue {

  private final Map<String, Function<StoreParts, Backend>> added;

  private StoreCatalogue(Map<String, Function<StoreParts, Backend>> added) {
    this.added = added;
  }

  /** The stores of this project. */
  public static StoreCatalogue ofProject() {
    return new StoreCatalogue(Map.of());
  }

  /**
   * These stores and another one.
   *
   * @param maker makes it, when it is first asked for
   */
  public StoreCatalogue with(String name, Function<StoreParts, Backend> maker) {
    Map<String, Function<StoreParts, Backend>> more = new LinkedHashMap<>(added);
    more.put(name, maker);
    return new StoreCatalogue(more);
  }

  /** The names of the stores. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(SealedBackend.NAME));
    Stream.of(VaultDialect.values()).map(VaultDialect::socket).forEach(names::add);
    names.add(AwsBackend.NAME);
    names.addAll(added.keySet());
    return names;
  }

  /**
   * The stores themselves, each made with its first Mount.
   *
   * @param parts what they are made of; whoever made these closes them after the last Mount
   */
  Backends backends(StoreSettings settings, StoreParts parts) {
    Map<String, Supplier<Backend>> makers = new LinkedHashMap<>();
    makers.put(SealedBackend.NAME, () -> new SealedBackend(settings.sealed(), parts.ticker()));
    settings
        .vault()
        .forEach(
            (dialect, flags) -> makers.put(dialect.socket(), () -> vault(dialect, flags, parts)));
    makers.put(AwsBackend.NAME, () -> aws(settings, parts));
    added.forEach((name, maker) -> makers.put(name, () -> maker.apply(parts)));
    return new Backends(makers);
  }

  private static Backend vault(VaultDialect dialect, VaultFlags flags, StoreParts parts) {
    return new VaultBackend(
        dialect,
        flags.settings(parts.addresses(), parts.files(), parts::nodeKey, parts.ticker()),
        parts::stack,
        parts.ticker(),
        InstantSource.system());
  }

  private static Backend aws(StoreSettings settings, StoreParts parts) {
    return new AwsBackend(
        settings.aws().settings(parts.addresses(), settings.node().node()),
        new AwsBackend.Needs(
            parts::stack, () -> parts.cluster().serviceAccounts(), () -> parts.cluster().nodes()),
        parts.ticker(),
        InstantSource.system());
  }
}
