package io.keybearer.daemonset.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The objects of a cluster, their versions, and how they came to be. */
final class FakeState {

  /** A change, with the object before and after it. */
  private record Change(long version, Optional<FakeObject> before, Optional<FakeObject> after) {}

  /** What a watch is told. */
  record Event(String type, FakeObject object) {}

  private final Map<FakeObject.Key, FakeObject> objects = new HashMap<>();
  private final List<Change> history = new ArrayList<>();
  private long version = 100;
  private long oldest = 100;

  synchronized Optional<FakeObject> get(FakeObject.Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Stores an object, new or changed. */
  synchronized FakeObject put(FakeObject object) {
    FakeObject stored = object.at(++version);
    Optional<FakeObject> before = Optional.ofNullable(objects.put(object.key(), stored));
    change(before, Optional.of(stored));
    return stored;
  }

  synchronized void remove(FakeObject.Key key) {
    FakeObject before = objects.remove(key);
    if (before != null) {
      version++;
      change(Optional.of(before), Optional.empty());
    }
  }

  private void change(Optional<FakeObject> before, Optional<FakeObject> after) {
    history.add(new Change(version, before, after));
  }

  synchronized List<FakeObject> list(Predicate<FakeObject> selected) {
    return objects.values().stream()
        .filter(selected)
        .sorted(
            Comparator.comparing((FakeObject object) -> object.key().namespace())
                .thenComparing(object -> object.key().name()))
        .toList();
  }

  synchronized long version() {
    return version;
  }

  /** Forgets how the objects came to be. */
  synchronized void compact() {
    oldest = ++version;
    history.clear();
  }

  synchronized boolean knows(long since) {
    return since >= oldest;
  }

  /**
   * What has changed since then, to whoever sees the selected objects alone: one that is not
   * selected any more is deleted to it, as it was before.
   */
  synchronized List<Event> since(long then, Predicate<FakeObject> selected) {
    List<Event> events = new ArrayList<>();
    for (Change change : history) {
      boolean was = change.before().filter(selected).isPresent();
      boolean is = change.after().filter(selected).isPresent();
      if (change.version() > then && (was || is)) {
        FakeObject told = is ? change.after().orElseThrow() : change.before().orElseThrow();
        events.add(
            new Event(is ? (was ? "MODIFIED" : "ADDED") : "DELETED", told.at(change.version())));
      }
    }
    return events;
  }
}
