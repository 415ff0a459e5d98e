package dev.dunlin.engine.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes broken modules of good ones, the same ones for the same seed. A mutation knows of sections
 * and numbers (WebAssembly core specification, 5.2 and 5.5), so that much of what it makes is wrong
 * deep inside.
 */
final class Mutator {
  private static final int PREAMBLE_BYTES = 8;
  private static final long[] EDGES = {
    0, 1, 2, 127, 128, 255, 65_535, 65_536, 1_000_000, (1L << 31) - 1, 1L << 31, (1L << 32) - 1
  };

  private final List<byte[]> originals;
  private final SplittableRandom random;

  Mutator(List<byte[]> originals, long seed) {
    this.originals = originals;
    this.random = new SplittableRandom(seed);
  }

  private record Section(int begin, int content, int end) {}

  /** The next broken module. Some are whole all the same. */
  byte[] next() {
    byte[] module = originals.get(random.nextInt(originals.size())).clone();
    for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
      module = mutate(module);
    }
    return module;
  }

  private byte[] mutate(byte[] module) {
    if (module.length <= PREAMBLE_BYTES) {
      return flipBits(module);
    }
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(module, random.nextInt(module.length));
      case 1 -> moveSection(module);
      case 2 -> repeatSection(module);
      case 3 -> dropSection(module);
      case 4 -> lieAboutLength(module);
      case 5 -> putNumber(module);
      case 6 -> spliceIn(module);
      case 7 -> insertOrDelete(module);
      case 8 -> putRandomBytes(module);
      default -> flipBits(module);
    };
  }

  private byte[] flipBits(byte[] module) {
    for (int flips = 1 + random.nextInt(4); flips > 0 && module.length > 0; flips--) {
      module[random.nextInt(module.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return module;
  }

  private byte[] moveSection(byte[] module) {
    var section = section(module);
    byte[] moved = Arrays.copyOfRange(module, section.begin, section.end);
    byte[] rest = replace(module, section.begin, section.end, new byte[0]);
    int to = rest.length > PREAMBLE_BYTES ? section(rest).begin : rest.length;
    return replace(rest, to, to, moved);
  }

  private byte[] repeatSection(byte[] module) {
    var section = section(module);
    return replace(
        module, section.end, section.end, Arrays.copyOfRange(module, section.begin, section.end));
  }

  private byte[] dropSection(byte[] module) {
    var section = section(module);
    return replace(module, section.begin, section.end, new byte[0]);
  }

  private byte[] lieAboutLength(byte[] module) {
    var section = section(module);
    int size = section.end - section.content;
    long claimed = random.nextBoolean() ? Math.max(0, size + random.nextInt(-3, 4)) : edge();
    return replace(
        module,
        section.begin + 1,
        section.content,
        ModuleBytes.part().number(claimed).toByteArray());
  }

  /** Puts a number at the edge of its range where there may have been one: a count, an index. */
  private byte[] putNumber(byte[] module) {
    var section = section(module);
    int at =
        random.nextBoolean() || section.content == section.end
            ? section.content
            : random.nextInt(section.content, section.end);
    at = Math.min(at, module.length);
    return replace(
        module,
        at,
        Math.min(at + 1, module.length),
        ModuleBytes.part().number(edge()).toByteArray());
  }

  private byte[] spliceIn(byte[] module) {
    byte[] other = originals.get(random.nextInt(originals.size()));
    int from = random.nextInt(other.length);
    int to = Math.min(other.length, from + 1 + random.nextInt(64));
    int at = random.nextInt(PREAMBLE_BYTES, module.length + 1);
    return replace(
        module,
        at,
        Math.min(module.length, at + random.nextInt(64)),
        Arrays.copyOfRange(other, from, to));
  }

  private byte[] insertOrDelete(byte[] module) {
    int at = random.nextInt(PREAMBLE_BYTES, module.length);
    return random.nextBoolean()
        ? replace(module, at, at + 1, new byte[0])
        : replace(module, at, at, new byte[] {(byte) random.nextInt(256)});
  }

  private byte[] putRandomBytes(byte[] module) {
    int at = random.nextInt(module.length);
    int end = Math.min(module.length, at + 1 + random.nextInt(8));
    for (int i = at; i < end; i++) {
      module[i] = (byte) random.nextInt(256);
    }
    return module;
  }

  private long edge() {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private static byte[] replace(byte[] module, int from, int to, byte[] by) {
    return ModuleBytes.part()
        .add(Arrays.copyOf(module, from))
        .add(by)
        .add(Arrays.copyOfRange(module, to, module.length))
        .toByteArray();
  }

  /** One of the sections, as far as they can be told apart; the rest if they cannot. */
  private Section section(byte[] module) {
    var sections = new ArrayList<Section>();
    int at = PREAMBLE_BYTES;
    while (at < module.length) {
      int begin = at++;
      long size = 0;
      for (int shift = 0; at < module.length && shift < Integer.SIZE; shift += 7) {
        int b = Byte.toUnsignedInt(module[at++]);
        size |= (long) (b & 0x7f) << shift;
        if (b < 0x80) {
          break;
        }
      }
      int end = (int) Math.min(module.length, at + size);
      sections.add(new Section(begin, at, end));
      at = end;
    }
    return sections.get(random.nextInt(sections.size()));
  }
}
