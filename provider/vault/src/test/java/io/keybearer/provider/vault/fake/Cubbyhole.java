package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** What each token keeps for itself. */
final class Cubbyhole implements Engine {

  private final FakeState state;
  private final Map<String, JsonNode> kept = new HashMap<>();

  Cubbyhole(FakeState state) {
    this.state = state;
  }

  @Override
  public Reply serve(EngineCall call) {
    kept.keySet().removeIf(key -> state.tokens().get(key.split(" ", 2)[0]).isEmpty());
    String key = call.token().orElseThrow().facts().id() + " " + call.path();
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        kept.put(key, call.data());
        yield Reply.SILENCE;
      }
      case READ -> kept.containsKey(key) ? Reply.data(kept.get(key)) : Reply.SILENCE;
      case DELETE -> {
        kept.remove(key);
        yield Reply.SILENCE;
      }
      default -> throw Refusal.unsupportedOperation();
    };
  }
}
