package io.keybearer.provider.vault.fake;

import java.util.List;

/** {@code sys}: what administrators configure, and what serves every client. */
final class SystemEngine implements Engine {

  /** A part of it, which knows its own paths. */
  interface Part {

    boolean owns(String path);

    Reply serve(EngineCall call);
  }

  private final List<Part> parts;

  SystemEngine(FakeState state) {
    this.parts =
        List.of(
            new MountSettings(state),
            new PolicySettings(),
            new NamespaceSettings(state),
            new LeaseActions(state),
            new Unwrapping(state),
            new MountListing(state),
            state.quotas());
  }

  @Override
  public Reply serve(EngineCall call) {
    return parts.stream()
        .filter(part -> part.owns(call.path()))
        .findFirst()
        .orElseThrow(Refusal::unsupportedPath)
        .serve(call);
  }

  @Override
  public boolean isOpen(String path) {
    return path.equals("wrapping/lookup") || path.startsWith("internal/ui/mounts");
  }

  /** Where the server looks whether there is something, so that policies can tell both apart. */
  @Override
  public boolean exists(EngineCall call) {
    return true;
  }
}
