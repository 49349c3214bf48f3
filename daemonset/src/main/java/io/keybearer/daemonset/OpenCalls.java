package io.keybearer.daemonset;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.MountReport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The calls that have not been answered, and who is told of those that have. */
final class OpenCalls {

  private final Set<MountCall> calls = ConcurrentHashMap.newKeySet();
  private final Consumer<MountReport> reports;
  private volatile boolean closed;

  OpenCalls(Consumer<MountReport> reports) {
    this.reports = reports;
  }

  void add(MountCall call) {
    calls.add(call);
    if (closed) {
      call.refuse(stopping());
    }
  }

  void remove(MountCall call, MountReport report) {
    calls.remove(call);
    reports.accept(report);
  }

  /** How many there are. */
  int count() {
    return calls.size();
  }

  /** Answers what is left: a call that is cut off is not final for kubelet, a failure is. */
  void refuseAll() {
    closed = true;
    calls.forEach(call -> call.refuse(stopping()));
  }

  static MountFailure stopping() {
    return MountFailure.of(Reason.BUSY, "this provider is stopping", "kubelet tries again");
  }
}
