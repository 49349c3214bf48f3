package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {

  private static final HttpLimits LIMITS = new HttpLimits(1_000, 2_000);
  private static final HttpFailures FAILURES =
      new HttpFailures(new HttpAddress(HttpAddress.Scheme.UNIX, "", 0, "/sock"));

  /** Gives bytes in parts of some size. */
  private static final class Parts implements AnswerReader.Source {
    private final byte[] bytes;
    private final int most;
    private int position;

    Parts(byte[] bytes, int most) {
      this.bytes = bytes;
      this.most = most;
    }

    @Override
    public int read(byte[] into) throws IOException {
      int count = Math.min(Math.min(most, into.length), bytes.length - position);
      if (count == 0) {
        throw new EOFException();
      }
      System.arraycopy(bytes, position, into, 0, count);
      position += count;
      return count;
    }
  }

  private static HttpAnswer read(byte[] bytes, int most, String method)
      throws IOException, MountFailure {
    AnswerSink sink = AnswerSink.whole(LIMITS, FAILURES, count -> {});
    new AnswerReader(new Parts(bytes, most), sink).read(method);
    return sink.answer();
  }

  private static HttpAnswer read(String text) throws IOException, MountFailure {
    return read(text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1), 1_000, "GET");
  }

  @Test
  void readsHeadersByTheirNamesInLowerCase() throws Exception {
    HttpAnswer answer = read("HTTP/1.1 200 OK~X-One:  a \t~x-one: b~X-Empty:~Content-Length: 0~~");

    assertThat(answer.headers().get("x-one")).containsExactly("a", "b");
    assertThat(answer.header("x-empty")).contains("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2~ok~0~~",
        "2;a=b~ok~0~~",
        "02 ~ok~000~~",
        "1~o~1~k~0~~",
        "2~ok~0~X-Trailer: a~X-More: b~~"
      })
  void joinsChunks(String chunks) throws Exception {
    String answer = "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~" + chunks;

    assertThat(CallOutcome.text(read(answer))).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1_000})
  void readsAnAnswerInPartsOfAnySize(int most) throws Exception {
    String text =
        "HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~a\r\n~2~bc~0~~";
    byte[] bytes = text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(CallOutcome.text(read(bytes, most, "GET"))).isEqualTo("a\r\nbc");
  }

  @Test
  void endsWhereTheConnectionEndsIfNothingElseSaysSo() throws Exception {
    assertThat(CallOutcome.text(read("HTTP/1.0 200 OK~~all of it"))).isEqualTo("all of it");
    assertThat(CallOutcome.text(read("HTTP/1.0 200 OK~~"))).isEmpty();
  }

  @Test
  void boundsHeadAndBodyToTheByte() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nX: ";
    int rest = 1_000 - head.length() - "\r\n\r\n".length();
    assertThat(read(head + "a".repeat(rest) + "\r\n\r\n").status()).isEqualTo(200);
    assertThatThrownBy(() -> read(head + "a".repeat(rest + 1) + "\r\n\r\n"))
        .hasMessage(
            "\"unix:///sock\" answers with more than 1000 bytes of headers;"
                + " see whether it is the store");

    assertThat(read("HTTP/1.1 200 OK~~" + "a".repeat(2_000)).body().length()).isEqualTo(2_000);
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK~~" + "a".repeat(2_001)))
        .hasMessage(
            "\"unix:///sock\" answers with more than 2000 bytes of body;"
                + " see whether it is the store");
  }

  /** Cuts an answer anywhere: it is whole, or it fails, and never is a part the whole. */
  @Test
  void anAnswerThatIsCutIsNoAnswer() throws Exception {
    for (String whole :
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n")) {
      byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
      assertThat(CallOutcome.text(read(bytes, 5, "GET"))).isEqualTo("body");
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> read(cut, 5, "GET")).isInstanceOf(EOFException.class);
      }
    }
  }

  @Property
  void anyBytesAreAnAnswerOrNone(@ForAll byte[] bytes, @ForAll boolean head) {
    readsOrRefuses(bytes, head ? "HEAD" : "GET");
  }

  @Property
  void anyPiecesOfAnswersAreAnAnswerOrNone(@ForAll("pieces") List<String> pieces) {
    readsOrRefuses(String.join("", pieces).getBytes(StandardCharsets.ISO_8859_1), "GET");
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 100 Continue\r\n",
            "HTTP/1.1 ",
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: 3\r\n",
            "Content-Length: ",
            "X: y\r\n",
            "\r\n",
            "\n",
            "\r",
            ":",
            " ",
            "3",
            "0",
            "ffffffff",
            ";",
            "abc",
            "\u00ff",
            "\u0000",
            "a".repeat(900))
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 200)
  void aBrokenAnswerIsAnAnswerOrNone(@ForAll Random random) {
    byte[] bytes =
        "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n4;x\r\nbody\r\n0\r\nT: u\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    readsOrRefuses(bytes, "GET");
  }

  private static void readsOrRefuses(byte[] bytes, String method) {
    try {
      HttpAnswer answer = read(bytes, 13, method);
      assertThat(answer.status()).isBetween(200, 999);
      assertThat(answer.body().length()).isLessThanOrEqualTo(2_000);
      List<String> names = new ArrayList<>(answer.headers().keySet());
      assertThat(names).allMatch(name -> name.matches("[!-~&&[^:A-Z]]+"));
    } catch (EOFException | ProtocolException e) {
      assertThat(e).hasNoCause();
    } catch (IOException e) {
      throw new AssertionError("neither an end nor a protocol", e);
    } catch (MountFailure failure) {
      assertThat(failure.getMessage()).startsWith("\"unix:///sock\" ");
    }
  }
}
