package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A request as a blob. */
final class RequestBlob {
  private static final int NO_BODY = 0;
  private static final int BODY_ON_DEMAND = 1;

  private RequestBlob() {}

  static Blob write(MemorySegment target, HttpRequest request, long bodyBytes) {
    var blob = new Blob(target);
    blob.text(request.method()).text(request.scheme()).text(request.authority());
    blob.text(request.query().isEmpty() ? request.path() : request.path() + "?" + request.query());
    List<HttpHeader> headers = request.headers();
    blob.u32(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      blob.text(header.name()).latin1(header.value());
    }
    return blob.u32(bodyBytes == 0 ? NO_BODY : BODY_ON_DEMAND);
  }

  /** How long the body says it is; -1 when it does not. */
  static long bodyBytes(HttpRequest request) {
    List<HttpHeader> headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).name().equalsIgnoreCase("content-length")) {
        return number(headers.get(i).value());
      }
    }
    return -1;
  }

  private static long number(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9' || value > Long.MAX_VALUE / 100) {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return digits.isEmpty() ? -1 : value;
  }
}
