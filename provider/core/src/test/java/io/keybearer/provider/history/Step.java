package io.keybearer.provider.history;

import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.stateful.Action;

/** One thing that happens. */
interface Step extends Action<History> {

  /** Lets it happen, after another one or while a request is under way. */
  void happen(History history);

  @Override
  default History run(History history) {
    happen(history);
    history.check();
    return history;
  }

  /** A volume is mounted or republished; its requests meet what happens meanwhile. */
  record Mount(int volume, int seconds, List<Step> meanwhile) implements Step {
    @Override
    public void happen(History history) {
      Stream<Runnable> steps = meanwhile.stream().map(step -> () -> step.happen(history));
      history.mount(volume, seconds, steps.toList());
    }
  }

  /** Time passes. */
  record Pass(Duration time) implements Step {
    @Override
    public void happen(History history) {
      history.pass(time);
    }
  }

  /** Somebody edits what a volume asks for. */
  record Edit(int volume, VolumeClass asked) implements Step {
    @Override
    public void happen(History history) {
      history.volume(volume).edit(asked);
    }
  }

  /** Somebody changes a stored value. */
  record Change() implements Step {
    @Override
    public void happen(History history) {
      history.store().change();
    }
  }

  /** A policy denies an identity a secret, or does so no longer. */
  record Deny(int volume, Secret secret, boolean now) implements Step {
    @Override
    public void happen(History history) {
      Volume of = history.volume(volume);
      String identity = ModelStore.identity(of.pod(), of.asked().role(), of.asked().secret());
      history.store().deny(identity, secret, now);
    }
  }

  /** A secret is deleted, or made again. */
  record Delete(Secret secret, boolean now) implements Step {
    @Override
    public void happen(History history) {
      history.store().delete(secret, now);
    }
  }

  /** All sessions are revoked. */
  record RevokeSessions() implements Step {
    @Override
    public void happen(History history) {
      history.store().revokeSessions();
    }
  }

  /** The token that a volume has is taken no longer. */
  record RevokeToken(int volume) implements Step {
    @Override
    public void happen(History history) {
      history.volume(volume).token().revoke();
    }
  }

  /** Kubelet gives another token. */
  record Rotate(int volume, Duration life) implements Step {
    @Override
    public void happen(History history) {
      history.rotate(volume, life);
    }
  }

  /** The store fails from now on, or no longer. */
  record Fail(Outage outage) implements Step {
    @Override
    public void happen(History history) {
      history.store().outage(outage);
    }
  }

  /** A pod ends; the next of its name begins. */
  record EndPod(int volume) implements Step {
    @Override
    public void happen(History history) {
      history.endPod(volume);
    }
  }

  /** The provider's process is started anew. */
  record Restart() implements Step {
    @Override
    public void happen(History history) {
      history.restart();
    }
  }

  /** A caller waits no longer. */
  record Leave(int call) implements Step {
    @Override
    public void happen(History history) {
      history.leave(call);
    }
  }

  /** Requests begin no more, until they are released. */
  record Hold() implements Step {
    @Override
    public void happen(History history) {
      history.hold();
    }
  }

  /** What was held begins. */
  record Release(boolean latestFirst) implements Step {
    @Override
    public void happen(History history) {
      history.release(latestFirst);
    }
  }

  /** Another setting of the store. */
  record Configure(boolean proves, boolean renews, int sessionMinutes) implements Step {
    @Override
    public void happen(History history) {
      history.store().proves(proves);
      history.store().renews(renews);
      history
          .store()
          .sessionLife(
              sessionMinutes == 0
                  ? SessionLife.endless().time()
                  : Duration.ofMinutes(sessionMinutes));
    }
  }
}
