package io.keybearer.daemonset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ManifestTextTest {

  @Test
  void hasALineMoreThanLineEnds() {
    assertThat(lines("")).containsExactly("");
    assertThat(lines("a")).containsExactly("a");
    assertThat(lines("a\n")).containsExactly("a", "");
    assertThat(lines("a\r\nb\rc\n\nd")).containsExactly("a", "b", "c", "", "d");
  }

  @Test
  void countsColumnsInCharacters() {
    ManifestText text = new ManifestText("x\n😀😀: z");

    assertThat(text.spot(text.text().indexOf('z'))).isEqualTo(new Spot(2, 5));
    assertThat(text.offset(new Spot(2, 5))).isEqualTo(text.text().indexOf('z'));
  }

  @Test
  void takesPlacesBehindTheEndForTheEnd() {
    ManifestText text = new ManifestText("ab\nc");

    assertThat(text.offset(new Spot(9, 1))).isEqualTo(4);
    assertThat(text.offset(new Spot(1, 100))).isEqualTo(3);
  }

  @Property
  void findsEveryPlaceAgain(@ForAll("texts") String text) {
    ManifestText manifest = new ManifestText(text);

    assertThat(IntStream.rangeClosed(0, text.length()))
        .allSatisfy(at -> assertThat(manifest.offset(manifest.spot(at))).isEqualTo(at));
    assertThat(manifest.lines(1, manifest.lines() + 1)).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars('a', ' ', '\n', '\r', 'ß').ofMaxLength(20);
  }

  private static List<String> lines(String text) {
    ManifestText manifest = new ManifestText(text);
    return IntStream.rangeClosed(1, manifest.lines()).mapToObj(manifest::line).toList();
  }
}
