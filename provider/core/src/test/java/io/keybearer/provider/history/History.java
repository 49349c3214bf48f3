package io.keybearer.provider.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.MemoryLedger;
import io.keybearer.provider.reader.MintLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What happens on a node: its pods, the provider's process, and the store. */
final class History {

  private static final Duration TOKEN = Duration.ofHours(1);
  private static final Duration LONGEST_HELD = Duration.ofSeconds(100);
  private static final long RECORD_KEPT = Duration.ofSeconds(770).toNanos();
  private static final long RECORD_SURELY_KEPT = Duration.ofSeconds(590).toNanos();

  private final TurnedTicker ticker = new TurnedTicker();
  private final ModelStore store;
  private final NaiveRules rules;
  private final boolean throughPipeline;
  private final int carries;
  private final boolean keeps;
  private final List<Volume> volumes = new ArrayList<>();
  private final List<Call> underWay = new ArrayList<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private NodeProcess process;
  private Front front;
  private int incarnations;

  History(ModelStore.Nature nature, boolean throughPipeline, int carries, boolean keeps) {
    this.keeps = keeps;
    this.throughPipeline = throughPipeline;
    this.carries = carries;
    this.store = new ModelStore(ticker, nature);
    this.process = new NodeProcess(0, store, ticker, carries, ledger());
    this.front = front();
    store.meanwhileBy(step -> process.threads().freely(step));
    this.rules = new NaiveRules(store, volumes, underWay, calls);
    add("a", "web", "/one", Set.of(Secret.SHARED, Secret.STABLE), 60, 0);
    add("a", "web", "/two", Set.of(Secret.LEASE, Secret.SHARED), 60, 3600);
    add("a", "web", "/one", Set.of(Secret.SHARED, Secret.PINNED, Secret.OWN), 10, 3600);
    add("a", "web", "/one", Set.of(Secret.SHARED, Secret.KV, Secret.KV_TOO), 600, 3600);
    add("a", "db", "/one", Set.of(Secret.SHARED, Secret.LEASE, Secret.OWN), 0, 0);
    add("b", "web", "/one", Set.of(Secret.SHARED, Secret.KV), 60, 3600);
    add("b", "db", "/one", Set.of(Secret.SHARED, Secret.STABLE, Secret.PINNED), 600, 3600);
  }

  private void add(
      String namespace, String account, String path, Set<Secret> secrets, int interval, int stale) {
    String name = "pod-" + (path.equals("/two") ? volumes.size() - 1 : volumes.size());
    PodIdentity pod = new PodIdentity(namespace, name, name + ".0", account);
    VolumeClass asked = new VolumeClass("reader", "", secrets, interval, stale, true);
    volumes.add(new Volume(pod, path, asked, TOKEN.toNanos()));
    store.know(volumes.get(volumes.size() - 1).token());
  }

  /** A ledger that goes with its process: what outlives one has a model of its own. */
  private MintLedger ledger() {
    return keeps ? new MemoryLedger().ofProcess() : MintLedger.none();
  }

  private Front front() {
    return throughPipeline ? Front.pipeline(process) : Front.direct(process);
  }

  ModelStore store() {
    return store;
  }

  Volume volume(int index) {
    return volumes.get(index % volumes.size());
  }

  void mount(int index, int seconds, List<Runnable> meanwhile) {
    Volume volume = volume(index);
    boolean busy = underWay.stream().anyMatch(call -> call.volume() == volume);
    if (busy && !throughPipeline) {
      return;
    }
    store.meanwhile(meanwhile);
    Call call = call(volume, Duration.ofSeconds(seconds));
    volume.calls().add(call);
    underWay.add(call);
    if (!call.joined()) {
      call.asked().secrets().forEach(s -> calls.merge(call.identity() + "|" + s, 1, Integer::sum));
    }
    Credentials credentials =
        new Credentials(
            PodCredentials.of(call.token().text(), expires(call)).serviceAccountTokens(),
            call.asked().nodePublishSecrets());
    NodeProcess now = process;
    // What was asked to stop on this one thread was another request.
    Thread.interrupted();
    now.threads()
        .after(
            () ->
                front.begin(
                    call,
                    credentials,
                    Deadline.after(Duration.ofSeconds(seconds), ticker),
                    files -> told(now, call, files)));
  }

  private String expires(Call call) {
    return ticker
        .instant()
        .plusNanos(call.token().expires() - store.nanos())
        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
        .toString();
  }

  private Call call(Volume volume, Duration budget) {
    Moment now = store.now();
    Optional<Call> last = volume.last();
    long touched = last.map(this::touched).orElse(now.nanos());
    boolean leased =
        volume.calls().stream().anyMatch(c -> c.told().values().stream().anyMatch(this::isLease));
    if (now.nanos() - touched > RECORD_KEPT && !leased) {
      volume.answeredUnder().clear();
    }
    boolean surely =
        last.isPresent()
            && last.get().answered()
            && last.get().asked().text().equals(volume.asked().text())
            && now.nanos() - touched < RECORD_SURELY_KEPT;
    Optional<Call> first =
        underWay.stream()
            .filter(call -> call.volume() == volume && call.asked().equals(volume.asked()))
            .findFirst();
    // It shares the answer of the one that it joins, whose reads began earlier.
    Moment arrived = first.map(Call::arrived).orElse(now);
    return new Call(volume, arrived, now.nanos() + budget.toNanos(), surely, first.isPresent());
  }

  private long touched(Call call) {
    return call.isOver() ? call.ended().nanos() : store.nanos();
  }

  private boolean isLease(Call.Told told) {
    return !told.content().isEmpty()
        && store.reads().get(NaiveRules.number(told.content())).lease().isPresent();
  }

  private void told(NodeProcess by, Call call, boolean files) {
    if (!by.isAlive()) {
      return;
    }
    call.tell(store.now(), files);
    over(call);
    rules.judge(call);
    if (call.answered()) {
      call.volume().answeredUnder().add(call.asked().text());
    }
  }

  private void over(Call call) {
    store.departed(call.answered());
    underWay.remove(call);
  }

  void leave(int index) {
    if (!underWay.isEmpty()) {
      Call call = underWay.get(index % underWay.size());
      over(call);
      process.threads().after(() -> call.leave(store.now()));
    }
  }

  void pass(Duration time) {
    if (time.compareTo(LONGEST_HELD) > 0) {
      // Threads are scarce for a while, not for ever.
      release(false);
    }
    ticker.turn(time);
    Thread.interrupted();
  }

  void hold() {
    process.threads().hold();
  }

  void release(boolean latestFirst) {
    process.threads().release(latestFirst);
  }

  void rotate(int index, Duration life) {
    volume(index).rotate(store.nanos() + life.toNanos());
    store.know(volume(index).token());
  }

  void endPod(int index) {
    PodIdentity ended = volume(index).pod();
    incarnations++;
    PodIdentity next =
        new PodIdentity(
            ended.namespace(),
            ended.name(),
            ended.name() + "." + incarnations,
            ended.serviceAccount());
    volumes.replaceAll(volume -> volume.pod().equals(ended) ? anew(volume, next) : volume);
    process.threads().after(() -> process.reader().podEnded(ended.uid()));
  }

  private Volume anew(Volume volume, PodIdentity pod) {
    Volume next = new Volume(pod, volume.path(), volume.asked(), store.nanos() + TOKEN.toNanos());
    store.know(next.token());
    return next;
  }

  void restart() {
    process.stop();
    underWay.clear();
    volumes.forEach(Volume::forget);
    store.restarted();
    process = new NodeProcess(process.number() + 1, store, ticker, carries, ledger());
    front = front();
    rules.restarted(process.number());
  }

  /** To be called after each step. */
  void check() {
    store.nothingMeanwhile();
    rules.check(process.threads().isHeld());
    assertThat(store.violations()).isEmpty();
  }

  /** All ends well, and nothing is left. */
  void end(BiConsumer<String, Long> left) {
    store.outage(Outage.NONE);
    release(false);
    pass(Duration.ofSeconds(200));
    check();
    assertThat(underWay).as("calls that were told nothing").isEmpty();
    for (int i = 0; i < volumes.size(); i++) {
      endPod(i);
    }
    check();
    pass(Duration.ofHours(4));
    rules.checkNothingIsHeld();
    assertThat(store.violations()).isEmpty();
    left.accept("alarms", (long) ticker.alarms());
    left.accept("bytes in memory", process.reader().memoryBytes());
  }
}
