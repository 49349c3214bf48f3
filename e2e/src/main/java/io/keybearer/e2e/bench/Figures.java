package io.keybearer.e2e.bench;

import java.util.List;

/** What is told of several measurements. */
final class Figures {

  private Figures() {}

  /** The middle one. */
  static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }
}
