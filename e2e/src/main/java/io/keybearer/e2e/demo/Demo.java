package io.keybearer.e2e.demo;

import io.keybearer.e2e.driver.NodeDouble;
import io.keybearer.e2e.driver.NodeSettings;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import io.keybearer.e2e.process.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A mount, a rotation and a failure on this machine: the real process, the driver's double as its
 * caller, a tmpfs as the pod's volume. It checks what it shows, and fails if that is not so.
 */
public final class Demo {

  private static final Duration POLL = Duration.ofMinutes(2);
  private static final String NAMESPACE = "shop";
  private static final String CLASS = "orders-db";
  private static final String VOLUME = "secrets";

  /** Held here: the JDK keeps loggers by weak references. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final Narrator narrator;
  private final Sealer sealer;
  private final NodeDouble node;
  private final KeybearerProcess process;

  private Demo(Narrator narrator, Sealer sealer, NodeDouble node, KeybearerProcess process) {
    this.narrator = narrator;
    this.sealer = sealer;
    this.node = node;
    this.process = process;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    GRPC.setLevel(Level.SEVERE);
    try (TemporaryFolder folder = TemporaryFolder.of("demo")) {
      run(new Narrator(), folder.path());
    }
  }

  private static void run(Narrator narrator, Path folder) throws IOException {
    Path sockets = Files.createDirectory(folder.resolve("providers"));
    Path keys = folder.resolve("keys");
    narrator.title("Keybearer demo: a mount, a rotation and a failure");
    narrator.say(
        "Keybearer is a Secrets Store CSI driver provider. On a cluster it runs on every node, the"
            + " driver calls it over a unix socket, and it answers with the files of a pod's volume."
            + " Here the process is the real one; kubelet and driver are doubles that follow the"
            + " real ones step by step.");

    Sealer sealer = new Sealer();
    sealer.writeKey(keys);
    try (KeybearerProcess process = KeybearerProcess.serve(sockets, keys);
        NodeDouble node = NodeDouble.start(NodeSettings.of(sockets).withRotation(POLL))) {
      narrator.step("The process listens");
      narrator.command("keybearer serve --socket-dir=" + sockets + " --sealed-key-dir=" + keys);
      narrator.log(process.output());
      narrator.say("Its pods' volumes will be " + describe(node) + ".");
      new Demo(narrator, sealer, node, process).play();
    }
    narrator.step("All gone");
    try (Stream<Path> left = Files.list(sockets)) {
      narrator.check(left.findAny().isEmpty(), "the process ended and took its socket with it");
    }
    narrator.say(
        "Next: README.md says how to run it yourself, src/site/markdown/sealed.md how to seal your"
            + " own values with kubeseal.");
  }

  private static String describe(NodeDouble node) {
    return node.mounts().kind().equals("tmpfs")
        ? "real tmpfs mounts, as on a node"
        : "plain folders, because this user may not mount a tmpfs; root would get the real thing";
  }

  private void play() {
    Pod orders = mount();
    rotate(orders);
    fail(orders);
  }

  private Pod mount() {
    narrator.step("A pod mounts its secrets");
    narrator.say(
        "The values stand in the SecretProviderClass itself, sealed as kubeseal does: safe in Git,"
            + " because only this cluster's key opens them, and only for this namespace and name.");
    SealedObjects objects =
        objects(CLASS).file("db/user", "orders").file("db/password", "first-password", "0440");
    apply(CLASS, objects);
    narrator.manifest(NAMESPACE, CLASS, objects.yaml());

    int before = process.output().length();
    Pod pod = node.startPod(NAMESPACE, "orders-0", "orders", Volume.of(VOLUME, CLASS));
    narrator.say(
        "Pod "
            + NAMESPACE
            + "/orders-0 starts. kubelet asks the driver to publish its volume, the driver mounts"
            + " an empty volume and asks on sealed.sock:");
    narrator.request(node.driver().lastMount());
    narrator.say("The process answers with files, and writes one line to its log:");
    narrator.log(process.awaitOutput(before, "mount outcome="));
    narrator.say("The driver wrote the files to " + pod.target(VOLUME) + ":");
    show(pod);
    narrator.say("and what it knows of them, which is no secret, to the pod's status:");
    node.cluster().podStatuses().forEach(status -> narrator.objects(status.objects()));
    narrator.check(pod.events().isEmpty(), "the pod runs, without an event");
    narrator.check(
        pod.container().read(VOLUME, "db/password").equals("first-password"),
        "its container reads the password");
    return pod;
  }

  private void rotate(Pod pod) {
    narrator.step("A value rotates");
    narrator.say(
        "Somebody seals a new password and commits it, and the SecretProviderClass is updated. At"
            + " the next republish (kubelet asks about once a minute) the driver calls Mount again:");
    String version = versions();
    apply(
        CLASS,
        objects(CLASS).file("db/user", "orders").file("db/password", "second-password", "0440"));
    int before = process.output().length();
    node.advance(POLL);
    node.republish();
    narrator.log(process.awaitOutput(before, "mount outcome="));
    show(pod);
    narrator.check(
        pod.container().read(VOLUME, "db/password").equals("second-password"),
        "the running container reads the new password, without a restart");
    narrator.check(!versions().equals(version), "the object's version in the pod status changed");
  }

  private void fail(Pod healthy) {
    narrator.step("A broken SecretProviderClass fails, and only for its own pod");
    narrator.say(
        "The author of class \"copied\" pasted values that were sealed for another namespace. They"
            + " must not open here:");
    apply("copied", new SealedObjects(sealer, "billing", "invoices").file("key", "not-yours"));
    Pod pod = node.startPod(NAMESPACE, "copycat-0", "copycat", Volume.of(VOLUME, "copied"));
    narrator.say("kubectl describe pod copycat-0 would show:");
    for (PodEvent event : pod.events()) {
      narrator.event(event.type(), event.reason(), event.source(), event.message());
    }
    narrator.check(pod.phase() == Pod.Phase.PENDING, "the pod waits; kubelet will try again");
    node.advance(POLL);
    node.republish();
    narrator.check(
        healthy.container().read(VOLUME, "db/password").equals("second-password"),
        "pod orders-0 has its files as before");

    narrator.say("The author seals the value for this namespace and class. kubelet tries again:");
    apply("copied", objects("copied").file("key", "now-mine"));
    node.advance(POLL.multipliedBy(2));
    narrator.check(pod.phase() == Pod.Phase.RUNNING, "pod copycat-0 runs");
    narrator.check(
        pod.container().read(VOLUME, "key").equals("now-mine"), "its container reads the key");
    narrator.check(
        Stream.of("first-password", "second-password", "not-yours", "now-mine")
            .noneMatch(process.output()::contains),
        "no secret stands in anything that the process wrote");
  }

  private SealedObjects objects(String name) {
    return new SealedObjects(sealer, NAMESPACE, name);
  }

  private void apply(String name, SealedObjects objects) {
    node.cluster().apply(new SecretProviderClass(NAMESPACE, name, "sealed", objects.parameters()));
  }

  private void show(Pod pod) {
    for (String file : pod.container().files(VOLUME)) {
      narrator.file(pod.container().mode(VOLUME, file), file, pod.container().read(VOLUME, file));
    }
  }

  private String versions() {
    return List.copyOf(node.cluster().podStatuses()).toString();
  }
}
