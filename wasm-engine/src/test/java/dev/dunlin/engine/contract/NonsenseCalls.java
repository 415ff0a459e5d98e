package dev.dunlin.engine.contract;

import static dev.dunlin.engine.contract.ModuleBytes.hex;
import static dev.dunlin.engine.contract.ModuleBytes.part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Commands that call WASI preview 1 with arguments at the edges of what is right, the same ones for
 * the same seed.
 */
final class NonsenseCalls {
  /** Name and parameters: i32, I64. All but proc_exit, which would end the guest too early. */
  private static final List<String> FUNCTIONS =
      List.of(
          "args_get:ii",
          "args_sizes_get:ii",
          "clock_res_get:ii",
          "clock_time_get:iIi",
          "environ_get:ii",
          "environ_sizes_get:ii",
          "fd_advise:iIIi",
          "fd_allocate:iII",
          "fd_close:i",
          "fd_datasync:i",
          "fd_fdstat_get:ii",
          "fd_fdstat_set_flags:ii",
          "fd_fdstat_set_rights:iII",
          "fd_filestat_get:ii",
          "fd_filestat_set_size:iI",
          "fd_filestat_set_times:iIIi",
          "fd_pread:iiiIi",
          "fd_prestat_dir_name:iii",
          "fd_prestat_get:ii",
          "fd_pwrite:iiiIi",
          "fd_read:iiii",
          "fd_readdir:iiiIi",
          "fd_renumber:ii",
          "fd_seek:iIii",
          "fd_sync:i",
          "fd_tell:ii",
          "fd_write:iiii",
          "path_create_directory:iii",
          "path_filestat_get:iiiii",
          "path_filestat_set_times:iiiiIIi",
          "path_link:iiiiiii",
          "path_open:iiiiiIIii",
          "path_readlink:iiiiii",
          "path_remove_directory:iii",
          "path_rename:iiiiii",
          "path_symlink:iiiii",
          "path_unlink_file:iii",
          "poll_oneoff:iiii",
          "random_get:ii",
          "sched_yield:",
          "sock_accept:iii",
          "sock_recv:iiiiii",
          "sock_send:iiiii",
          "sock_shutdown:ii");

  /**
   * Small numbers often: they are descriptors, flags, and the places of what memory begins with.
   */
  private static final int[] EDGES = {
    0,
    0,
    0,
    1,
    1,
    2,
    2,
    3,
    3,
    3,
    4,
    5,
    6,
    7,
    8,
    16,
    32,
    48,
    64,
    100,
    256,
    1024,
    4096,
    65_000,
    65_528,
    65_532,
    65_535,
    65_536,
    65_537,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1,
    -2,
    -8
  };

  private static final long[] LONG_EDGES = {
    0,
    0,
    1,
    2,
    8,
    66,
    100,
    4096,
    0x1fff_ffffL,
    Integer.MAX_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };

  private final SplittableRandom random;

  NonsenseCalls(long seed) {
    this.random = new SplittableRandom(seed);
  }

  byte[] next() {
    var code = part().add(hex("00"));
    for (int calls = 1 + random.nextInt(40); calls > 0; calls--) {
      call(random.nextInt(FUNCTIONS.size()), code);
    }
    byte[] body = code.add(hex("0b")).toByteArray();
    return ModuleBytes.begin()
        .section(1, types())
        .section(2, imports())
        .section(3, part().number(1).number(FUNCTIONS.size()).toByteArray())
        .section(5, hex("010001"))
        .section(7, exports())
        .section(10, part().number(1).number(body.length).add(body).toByteArray())
        .section(11, memory())
        .toByteArray();
  }

  private void call(int function, ModuleBytes code) {
    for (char parameter : parameters(function).toCharArray()) {
      if (parameter == 'i') {
        code.add(hex("41")).signed(EDGES[random.nextInt(EDGES.length)]);
      } else {
        code.add(hex("42")).signed(LONG_EDGES[random.nextInt(LONG_EDGES.length)]);
      }
    }
    code.add(hex("10")).number(function).add(hex("1a"));
  }

  private static String parameters(int function) {
    var signature = FUNCTIONS.get(function);
    return signature.substring(signature.indexOf(':') + 1);
  }

  private static byte[] types() {
    var types = part().number(FUNCTIONS.size() + 1L);
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      var parameters = parameters(i);
      types.add(hex("60")).number(parameters.length());
      parameters.chars().forEach(c -> types.add(hex(c == 'i' ? "7f" : "7e")));
      types.add(hex("017f"));
    }
    return types.add(hex("600000")).toByteArray();
  }

  private static byte[] imports() {
    var imports = part().number(FUNCTIONS.size());
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      var signature = FUNCTIONS.get(i);
      text(imports, "wasi_snapshot_preview1");
      text(imports, signature.substring(0, signature.indexOf(':')));
      imports.add(hex("00")).number(i);
    }
    return imports.toByteArray();
  }

  private static byte[] exports() {
    var exports = part().number(2);
    text(exports, "_start");
    exports.add(hex("00")).number(FUNCTIONS.size());
    text(exports, "memory");
    return exports.add(hex("0200")).toByteArray();
  }

  /** Buffers, names and subscriptions where the small numbers point to. */
  private byte[] memory() {
    var words = new ArrayList<Integer>();
    for (int i = 0; i < 16; i++) {
      words.add(EDGES[random.nextInt(EDGES.length)]);
    }
    var bytes = part();
    for (int word : words) {
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        bytes.add(new byte[] {(byte) (word >> shift)});
      }
    }
    var names = "file\0sub\0../secret\0.\0new\0/etc/passwd\0".getBytes(StandardCharsets.UTF_8);
    byte[] content = bytes.add(names).toByteArray();
    return part().number(1).add(hex("0041000b")).number(content.length).add(content).toByteArray();
  }

  private static void text(ModuleBytes target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    target.number(bytes.length).add(bytes);
  }
}
