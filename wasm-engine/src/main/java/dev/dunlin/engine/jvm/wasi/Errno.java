package dev.dunlin.engine.jvm.wasi;

/** Error codes of WASI preview 1 ({@code errno} in its docs), those that we answer with. */
enum Errno {
  SUCCESS(0),
  ACCES(2),
  BADF(8),
  BUSY(10),
  EXIST(20),
  FAULT(21),
  ILSEQ(25),
  INTR(27),
  INVAL(28),
  IO(29),
  ISDIR(31),
  LOOP(32),
  MFILE(33),
  NAMETOOLONG(37),
  NOENT(44),
  NOMEM(48),
  NOSPC(51),
  NOSYS(52),
  NOTDIR(54),
  NOTEMPTY(55),
  NOTSOCK(57),
  NOTSUP(58),
  OVERFLOW(61),
  PERM(63),
  ROFS(69),
  SPIPE(70),
  XDEV(75),
  NOTCAPABLE(76);

  private final int code;

  Errno(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Of the number that Linux has for an error of opening something. */
  static Errno ofLinux(int number) {
    return switch (number) {
      case 1 -> PERM;
      case 2 -> NOENT;
      case 12 -> NOMEM;
      case 13 -> ACCES;
      case 17 -> EXIST;
      case 20 -> NOTDIR;
      case 21 -> ISDIR;
      case 22 -> INVAL;
      case 23, 24 -> MFILE;
      case 28, 122 -> NOSPC;
      case 30 -> ROFS;
      case 36 -> NAMETOOLONG;
      case 40 -> LOOP;
      default -> IO;
    };
  }

  WasiException failure() {
    return new WasiException(this);
  }
}
