package io.keybearer.provider.history;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.mount.Cancellation;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountCaller;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** How calls reach the reader. */
interface Front {

  /** Begins a call; {@code whenTold} is given whether it was answered with files. */
  void begin(Call call, Credentials credentials, Deadline deadline, Consumer<Boolean> whenTold);

  /** The reader itself, told of the outcomes as a pipeline does. */
  static Front direct(NodeProcess process) {
    return (call, credentials, deadline, whenTold) -> {
      PlannedMount planned =
          new PlannedMount(
              call.volume().mount(),
              call.volume().pod(),
              call.asked().text(),
              call.asked().freshness(),
              process.plan(call.volume().pod(), call.asked()));
      SecretReader reader = process.reader();
      Consumer<Map<ReadKey, TimedOutcome>> whenRead =
          outcomes -> {
            boolean complete = note(call, outcomes);
            whenTold.accept(complete);
            if (complete) {
              reader.answered(planned);
            } else {
              reader.failed(planned);
            }
          };
      try {
        SecretReader.Reading reading =
            reader.read(
                planned,
                credentials,
                new SecretReader.Call(process.time().ticker().nanos(), () -> deadline, bytes -> {}),
                whenRead);
        call.whenLeaving(
            () -> {
              reading.leave();
              reader.failed(planned);
            });
      } catch (MountFailure failure) {
        throw new AssertionError(failure);
      }
    };
  }

  private static boolean note(Call call, Map<ReadKey, TimedOutcome> outcomes) {
    boolean complete = true;
    for (Map.Entry<ReadKey, TimedOutcome> each : outcomes.entrySet()) {
      Secret secret = ((Secret.Reference) each.getKey().reference()).secret();
      Source source = each.getValue().source();
      if (each.getValue().outcome() instanceof ReadOutcome.Value value) {
        SecretValue.Item item = value.value().items().get(0);
        String content = new String(item.bytes().reveal(), StandardCharsets.UTF_8);
        call.told().put(secret, new Call.Told(source, "OK", item.version(), content));
      } else if (each.getValue().outcome() instanceof ReadOutcome.Failed failed) {
        complete = false;
        String reason = failed.failure().reason().name();
        call.told().put(secret, new Call.Told(source, reason, "", ""));
      }
    }
    return complete;
  }

  /** All that stands before the reader in the process. */
  static Front pipeline(NodeProcess process) {
    MountQueue queue = new MountQueue(new MountQueue.Bounds(64, 1_024, 128), process.threads());
    NodeFacts node = new NodeFacts("node", 1_000, Freshness.Limits.usual());
    MountPipeline pipeline =
        new MountPipeline(node, process.reader(), queue, 1_000_000, process.time());
    InFlightBytes inFlight = new InFlightBytes(1_000_000_000);
    return (call, credentials, deadline, whenTold) -> {
      Volume volume = call.volume();
      MountRequest request =
          new MountRequest(volume.pod(), "class", volume.path(), 0644, call.asked().parameters());
      Caller caller = new Caller(call, credentials, inFlight.open(() -> {}), whenTold);
      call.whenLeaving(() -> caller.cancellation().cancel());
      try {
        if (!pipeline.answerFromMemory(process.name(), request, deadline, caller)) {
          pipeline.mount(process, request, deadline, caller);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    };
  }

  /** A caller that notes what it is answered. */
  record Caller(
      Call call,
      Credentials credentials,
      InFlightBytes.Account inFlight,
      Consumer<Boolean> whenTold,
      Cancellation cancellation)
      implements MountCaller {

    Caller(
        Call call,
        Credentials credentials,
        InFlightBytes.Account inFlight,
        Consumer<Boolean> whenTold) {
      this(call, credentials, inFlight, whenTold, new Cancellation());
    }

    @Override
    public void answer(MountAnswer answer) {
      for (MountReport.ObjectReport object : answer.report().objects()) {
        if (!object.source().isEmpty()) {
          Source source = Source.valueOf(object.source());
          Call.Told told = new Call.Told(source, object.outcome(), object.version(), "");
          call.told().put(Secret.valueOf(object.name()), told);
        }
      }
      if (answer instanceof MountAnswer.Files files) {
        files.result().files().forEach(this::note);
      }
      whenTold.accept(answer instanceof MountAnswer.Files);
      inFlight.close();
    }

    private void note(SecretFile file) {
      call.told()
          .computeIfPresent(
              Secret.valueOf(file.path()),
              (secret, told) ->
                  new Call.Told(
                      told.source(),
                      told.reason(),
                      told.version(),
                      new String(file.contents().reveal(), StandardCharsets.UTF_8)));
    }

    @Override
    public void run(Runnable work) {
      work.run();
    }
  }
}
