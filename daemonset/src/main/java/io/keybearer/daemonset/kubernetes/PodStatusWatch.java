package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.PodEnds;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows this node's SecretProviderClassPodStatus objects for one listener, on a thread of its
 * own, until it is closed: it lists them, watches from there on, and begins anew where the server
 * has forgotten (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">efficient
 * detection of changes</a>).
 */
final class PodStatusWatch implements PodEnds.Listening {

  private static final Duration WITHOUT_RIGHTS = Duration.ofMinutes(10);

  /** A watch that ends sooner and told nothing did not work. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Duration LONGEST_END = Duration.ofSeconds(1);

  private static final int GONE = 410;

  /** Gives the objects of this node, once the API server is known. */
  @FunctionalInterface
  interface Source {
    PodStatuses statuses() throws MountFailure;
  }

  private final Source source;
  private final PodEnds.Listener listener;
  private final Ticker ticker;
  private final Alarms alarms;
  private final KnownPods pods;
  private final Backoff backoff = new Backoff();
  private final Thread thread;

  /** Where to watch from; empty if everything has to be listed anew. */
  private String version = "";

  private long notBefore;
  private boolean hasToldWhy;
  private boolean isTelling;

  /** The watch whose events are taken, while there is one. */
  private Optional<Object> watching = Optional.empty();

  private boolean isClosed;
  private Alarms.Alarm look = () -> {};

  PodStatusWatch(Source source, PodEnds.Listener listener, Ticker ticker, Alarms alarms) {
    this.source = source;
    this.ticker = ticker;
    this.alarms = alarms;
    this.listener = new OpenListener(listener);
    this.pods = new KnownPods(this.listener, ticker);
    this.notBefore = ticker.nanos();
    this.thread = new Thread(this::run, "pod-ends");
  }

  /** Starts the thread. */
  PodStatusWatch start() {
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      look.cancel();
    }
    thread.interrupt();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      // It ends at once, unless a listener holds it up.
      thread.join(LONGEST_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  private void run() {
    while (!isClosed()) {
      try {
        Pause.of(Duration.ofNanos(notBefore - ticker.nanos()), alarms);
        follow(source.statuses());
      } catch (MountFailure e) {
        failed(e);
      } catch (InterruptedException e) {
        // It is closed, or a pod has to be looked for; the loop knows which.
      }
    }
  }

  private void follow(PodStatuses statuses) throws MountFailure, InterruptedException {
    pods.look(statuses::find);
    if (version.isEmpty()) {
      Optional<PodStatuses.Listed> listed = statuses.list();
      if (listed.isEmpty()) {
        throw forgotten();
      }
      pods.seenAll(listed.get().statuses());
      version = listed.get().version();
      telling();
    }
    watch(statuses);
  }

  private void watch(PodStatuses statuses) throws MountFailure, InterruptedException {
    long began = ticker.nanos();
    String from = version;
    Object watch = begin();
    ApiAnswer answer;
    try {
      answer = statuses.watch(from, event -> event(watch, event));
    } finally {
      end();
    }
    if (answer.isGone()) {
      throw forgotten();
    }
    answer.require();
    if (version.equals(from) && ticker.nanos() - began < SHORTEST.toNanos()) {
      throw MountFailure.of(Reason.STORE_UNAVAILABLE, "a watch ended at once")
          .because(Fault.of(Fault.Kind.BROKEN));
    }
    worked();
  }

  /** From here on events are taken, and this thread may be interrupted to look for a pod. */
  private synchronized Object begin() {
    Object watch = new Object();
    watching = Optional.of(watch);
    setLook();
    return watch;
  }

  /**
   * An event that comes later is not taken: the next watch tells it again. An interrupt that came
   * just now costs the next call one more try.
   */
  private synchronized void end() {
    watching = Optional.empty();
    look.cancel();
  }

  private void setLook() {
    look.cancel();
    pods.untilNextLook().ifPresent(time -> look = alarms.in(time, this::wake));
  }

  private synchronized void wake() {
    if (watching.isPresent()) {
      thread.interrupt();
    }
  }

  private void worked() {
    backoff.reset();
    hasToldWhy = false;
    telling();
  }

  private synchronized void telling() {
    if (!isTelling) {
      isTelling = true;
      listener.canTell();
    }
  }

  /** Takes an event, on the thread that it came on. */
  private synchronized void event(Object watch, JsonNode event) throws MountFailure {
    if (!watching.equals(Optional.of(watch))) {
      return;
    }
    JsonNode object = event.at("object").orElse(new JsonNode.Nothing());
    Optional<PodStatus> status = PodStatus.of(object);
    switch (event.text("type")) {
      case "ADDED", "MODIFIED" -> status.ifPresent(pods::seen);
      case "DELETED" -> status.map(PodStatus::key).ifPresent(pods::unseen);
      case "ERROR" -> throw error(object);
      default -> {
        // A bookmark tells a version, and what is not known yet tells one too.
      }
    }
    String next = object.text("metadata", "resourceVersion");
    version = next.isEmpty() ? version : next;
    worked();
    setLook();
  }

  /** What a Status in the place of an object says. */
  private MountFailure error(JsonNode status) {
    if (status.at("code").equals(Optional.of(new JsonNode.Numeral(Integer.toString(GONE))))) {
      return forgotten();
    }
    return MountFailure.of(Reason.STORE_UNAVAILABLE, "the API server ended a watch with an error")
        .because(Fault.of(Fault.Kind.SERVER_ERROR));
  }

  private MountFailure forgotten() {
    version = "";
    return MountFailure.of(
            Reason.STORE_UNAVAILABLE, "the API server has forgotten what it had told")
        .because(Fault.of(Fault.Kind.BEHIND));
  }

  /** Decides when to try again, and tells the listener of what will not pass by itself. */
  private void failed(MountFailure e) {
    boolean passes =
        switch (e.fault().kind()) {
          case NONE, TLS -> e.reason() == Reason.TIMED_OUT;
          case UNREACHABLE, BROKEN, SERVER_ERROR, THROTTLED, NOT_SERVING, BEHIND -> true;
        };
    notBefore =
        ticker.nanos() + (passes ? backoff.next(e.fault().retryAfter()) : WITHOUT_RIGHTS).toNanos();
    if (!passes && !hasToldWhy) {
      hasToldWhy = true;
      tellingNoMore(e);
    }
  }

  private synchronized void tellingNoMore(MountFailure why) {
    isTelling = false;
    listener.cannotTell(why);
  }

  /** Tells nothing once this is closed. */
  private final class OpenListener implements PodEnds.Listener {

    private final PodEnds.Listener told;

    OpenListener(PodEnds.Listener told) {
      this.told = told;
    }

    @Override
    public void podSeen(String podUid) {
      synchronized (PodStatusWatch.this) {
        if (!isClosed) {
          told.podSeen(podUid);
        }
      }
    }

    @Override
    public void podEnded(String podUid) {
      synchronized (PodStatusWatch.this) {
        if (!isClosed) {
          told.podEnded(podUid);
        }
      }
    }

    @Override
    public void canTell() {
      synchronized (PodStatusWatch.this) {
        if (!isClosed) {
          told.canTell();
        }
      }
    }

    @Override
    public void cannotTell(MountFailure why) {
      synchronized (PodStatusWatch.this) {
        if (!isClosed) {
          told.cannotTell(why);
        }
      }
    }
  }
}
