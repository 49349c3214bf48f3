package io.keybearer.e2e.driver;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One call of {@code NodePublishVolume}, step by step in the driver's order. */
final class Publication {
  private final Driver driver;
  private final PublishRequest request;
  private final Deadline deadline;
  private final Map<String, String> context;
  private final Instant started;

  /** The metrics' label: empty until the class is read. */
  private String provider;

  private boolean mounted;
  private boolean remount;
  private boolean skipped;
  private boolean masked;

  Publication(Driver driver, PublishRequest request, Deadline deadline) {
    this.driver = driver;
    this.request = request;
    this.deadline = deadline;
    this.context = request.volumeContext();
    this.started = driver.clock.instant();
    this.provider = context.getOrDefault("providerName", "");
  }

  Status run() {
    try {
      checkArguments();
      publish(Path.of(request.targetPath()));
      if (remount && !skipped) {
        driver.metrics.reconciled(provider, true);
      }
      driver.metrics.published(provider);
      return Status.OK;
    } catch (PublishFailure failure) {
      driver.metrics.publishFailed(provider, failure.errorType());
      if (remount && !skipped) {
        driver.metrics.reconcileFailed(provider, failure.errorType(), true);
      }
      return masked ? Status.OK : failure.status();
    }
  }

  private void checkArguments() throws PublishFailure {
    require(request.capability(), "Volume capability missing in request");
    require(!request.volumeId().isEmpty(), "Volume ID missing in request");
    require(!request.targetPath().isEmpty(), "Target path missing in request");
    require(!context.isEmpty(), "Volume attributes missing in request");
  }

  private static void require(boolean holds, String otherwise) throws PublishFailure {
    if (!holds) {
      throw PublishFailure.of(Status.Code.INVALID_ARGUMENT, otherwise);
    }
  }

  private void publish(Path target) throws PublishFailure {
    TargetTime time = new TargetTime(target, driver.clock);
    if (driver.settings.republishes() && isYoung(time)) {
      skipped = true;
      return;
    }
    mounted = ensureMountPoint(target, time);
    remount = mounted;
    if (mounted && !driver.settings.republishes()) {
      skipped = true;
      return;
    }
    if (provider.equalsIgnoreCase("mock_provider")) {
      if (!mounted && !driver.settings.republishes()) {
        mount(target, time);
      }
      return;
    }
    SecretProviderClass providerClass = providerClass();
    provider = providerClass.provider();
    MountRequest mountRequest = mountRequest(providerClass, target);
    if (!mounted) {
      mount(target, time);
    }
    try {
      deliver(mountRequest, providerClass, target);
      settle(target, time);
    } catch (PublishFailure failure) {
      undo(target, time);
      throw failure;
    }
  }

  /** Looks at the directory's age alone: a bare directory left by a failed mount is young too. */
  private boolean isYoung(TargetTime time) {
    return time.modified()
        .map(modified -> started.isBefore(modified.plus(driver.settings.rotation())))
        .orElse(false);
  }

  private boolean ensureMountPoint(Path target, TargetTime time) throws PublishFailure {
    if (!Files.exists(target)) {
      createTarget(target);
      settle(target, time);
      return false;
    }
    if (!driver.mounts.isMounted(target) || driver.mounts.isReadable(target)) {
      return driver.mounts.isMounted(target);
    }
    try {
      driver.mounts.unmount(target);
      return false;
    } catch (IOException failure) {
      throw new PublishFailure(
          Status.Code.INTERNAL,
          "FailedToEnsureMountPoint",
          String.format(
              Locale.ROOT,
              "failed to check if target path %s is mount point, err: %s",
              target,
              GoText.reason(failure)));
    }
  }

  private static void createTarget(Path target) throws PublishFailure {
    try {
      FileTrees.makeDirectories(target, 0750);
    } catch (IOException failure) {
      throw PublishFailure.of(
          Status.Code.INTERNAL,
          String.format(
              Locale.ROOT,
              "failed to create target path %s, err: mkdir %s: %s",
              target,
              target,
              GoText.reason(failure)));
    }
  }

  private void mount(Path target, TargetTime time) throws PublishFailure {
    try {
      driver.mounts.mount(target);
    } catch (IOException failure) {
      throw PublishFailure.of(Status.Code.UNKNOWN, "mount failed: " + failure.getMessage());
    }
    mounted = true;
    settle(target, time);
  }

  private SecretProviderClass providerClass() throws PublishFailure {
    String namespace = context.getOrDefault(CsiKeys.POD_NAMESPACE, "");
    String name = context.getOrDefault(CsiKeys.PROVIDER_CLASS, "");
    if (name.isEmpty()) {
      throw PublishFailure.of(Status.Code.UNKNOWN, "secretProviderClass is not set");
    }
    SecretProviderClass found =
        driver
            .cluster
            .providerClass(namespace, name)
            .orElseThrow(
                () ->
                    new PublishFailure(
                        Status.Code.UNKNOWN,
                        "SecretProviderClassNotFound",
                        String.format(
                                Locale.ROOT,
                                "failed to get secretproviderclass %s/%s, error: ",
                                namespace,
                                name)
                            + String.format(
                                Locale.ROOT,
                                "SecretProviderClass.secrets-store.csi.x-k8s.io %s not found",
                                GoText.quote(name))));
    if (found.provider().isEmpty()) {
      throw PublishFailure.of(
          Status.Code.UNKNOWN,
          String.format(Locale.ROOT, "provider not set in %s/%s", namespace, name));
    }
    return found;
  }

  private MountRequest mountRequest(SecretProviderClass providerClass, Path target)
      throws PublishFailure {
    if (providerClass.parameters().isEmpty()) {
      throw PublishFailure.of(
          Status.Code.UNKNOWN,
          String.format(
              Locale.ROOT,
              "parameters not set in %s/%s",
              providerClass.namespace(),
              providerClass.name()));
    }
    Map<String, String> attributes = new HashMap<>(providerClass.parameters());
    attributes.putAll(context);
    addTokens(attributes);
    require(request.readOnly(), "Readonly is not true in request");
    String secrets = request.secrets().isEmpty() ? "null" : GoText.json(request.secrets());
    return ProviderCall.request(GoText.json(attributes), secrets, target).build();
  }

  private void addTokens(Map<String, String> attributes) {
    switch (driver.settings.version()) {
      case V1_6_0 -> {
        String fromContext = context.getOrDefault(CsiKeys.TOKENS, "");
        String tokens = request.secrets().getOrDefault(CsiKeys.TOKENS, fromContext);
        if (!tokens.isEmpty()) {
          attributes.put(CsiKeys.TOKENS, tokens);
        }
      }
      case V1_5_6 -> {
        if (attributes.getOrDefault(CsiKeys.TOKENS, "").isEmpty()) {
          attributes.putAll(driver.tokens.attributes(pod()));
        }
      }
    }
  }

  private PodIdentity pod() {
    return new PodIdentity(
        context.getOrDefault(CsiKeys.POD_NAMESPACE, ""),
        context.getOrDefault(CsiKeys.POD_NAME, ""),
        context.getOrDefault(CsiKeys.POD_UID, ""),
        context.getOrDefault(CsiKeys.SERVICE_ACCOUNT, ""));
  }

  /** Everything from here on is masked on a volume that is mounted already. */
  private void deliver(MountRequest mountRequest, SecretProviderClass providerClass, Path target)
      throws PublishFailure {
    PodIdentity pod = pod();
    String who = pod.namespace() + "/" + pod.name();
    driver.sends(mountRequest);
    try {
      Map<String, String> versions =
          new ProviderCall(driver.writer(target))
              .mount(channel(), mountRequest, ProviderCall.within(deadline));
      driver.cluster.write(status(providerClass, pod, target, versions));
    } catch (ProviderFailure failure) {
      masked = remount;
      throw new PublishFailure(
          failure.code(),
          failure.errorType(),
          String.format(
              Locale.ROOT,
              "failed to mount secrets store objects for pod %s, err: %s",
              who,
              failure.getMessage()));
    } catch (ClusterState.ApiFailure failure) {
      masked = remount;
      throw new PublishFailure(
          Status.Code.UNKNOWN,
          "",
          String.format(
              Locale.ROOT,
              "failed to create secret provider class pod status for pod %s, err: %s",
              who,
              failure.getMessage()));
    }
  }

  private Channel channel() throws ProviderFailure {
    try {
      return driver.sockets.channel(provider);
    } catch (ProviderFailure failure) {
      throw ProviderFailure.lookup(
          String.format(
              Locale.ROOT,
              "error connecting to provider %s: %s",
              GoText.quote(provider),
              failure.getMessage()));
    }
  }

  private SecretProviderClassPodStatus status(
      SecretProviderClass providerClass,
      PodIdentity pod,
      Path target,
      Map<String, String> versions) {
    List<MountedObject> objects =
        versions.entrySet().stream()
            .map(entry -> new MountedObject(entry.getKey(), entry.getValue()))
            .sorted((left, right) -> GoText.byBytes().compare(left.id(), right.id()))
            .toList();
    return new SecretProviderClassPodStatus(
        pod.namespace(),
        SecretProviderClassPodStatus.nameOf(pod.name(), pod.namespace(), providerClass.name()),
        pod.name(),
        pod.uid(),
        providerClass.name(),
        target.toString(),
        driver.nodeName,
        objects);
  }

  /**
   * A first mount is undone, and the bare directory keeps its age; a re-mount stays as the failure
   * left it.
   */
  private void undo(Path target, TargetTime time) throws PublishFailure {
    if (remount) {
      settle(target, time);
      return;
    }
    try {
      driver.mounts.unmount(target);
    } catch (IOException stillMounted) {
      // The driver logs it, and answers what failed before; the kubelet's next call is a re-mount
      // then.
    }
  }

  private static void settle(Path target, TargetTime time) throws PublishFailure {
    try {
      time.settle();
    } catch (IOException failure) {
      throw PublishFailure.of(
          Status.Code.INTERNAL, "cannot stamp " + target + ": " + failure.getMessage());
    }
  }
}
