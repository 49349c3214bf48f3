package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Passes an answer of the JDK's client on to a sink, until that has enough of it. */
final class BodyReceiver implements BodySubscriber<Void> {

  /** What the sink does with a part of the answer. */
  private interface Step {
    void run() throws MountFailure;
  }

  private final AnswerSink sink;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  private BodyReceiver(AnswerSink sink) {
    this.sink = sink;
  }

  /** One for the body behind that head. */
  static BodyReceiver of(AnswerSink sink, ResponseInfo head) {
    BodyReceiver receiver = new BodyReceiver(sink);
    receiver.take(() -> sink.head(head.statusCode(), head.headers().map()));
    return receiver;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return over;
  }

  /** Does a step, and ends the whole where it fails. */
  private void take(Step step) {
    try {
      step.run();
    } catch (MountFailure failure) {
      over.completeExceptionally(failure);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    more();
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (!over.isDone()) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        take(() -> sink.body(bytes, 0, bytes.length));
      }
    }
    more();
  }

  private void more() {
    Flow.Subscription given = subscription;
    if (given == null) {
      return;
    }
    if (over.isDone()) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    over.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    take(sink::end);
    over.complete(null);
  }
}
