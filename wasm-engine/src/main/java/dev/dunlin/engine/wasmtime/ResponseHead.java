package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.HttpHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The head of a response, from a blob. */
record ResponseHead(int status, List<HttpHeader> headers) {
  static ResponseHead read(byte[] blob) {
    var in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    int status = in.getInt();
    int count = in.getInt();
    var headers = new ArrayList<HttpHeader>(count);
    for (int i = 0; i < count; i++) {
      var name = text(in);
      headers.add(new HttpHeader(name, text(in)));
    }
    return new ResponseHead(status, headers);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
