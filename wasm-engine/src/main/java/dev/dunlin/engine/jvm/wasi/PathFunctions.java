package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.EnumSet;

/** What can be done with a path in an open directory. */
final class PathFunctions {
  private static final int FOLLOW = 1;
  private static final int CREATE = 1;
  private static final int DIRECTORY = 1 << 1;
  private static final int EXCLUSIVE = 1 << 2;
  private static final int TRUNCATE = 1 << 3;

  private PathFunctions() {}

  static void define(Preview1.Definitions wasi) {
    wasi.define("path_open", "iiiiiIIii", PathFunctions::open);
    wasi.define("path_create_directory", "iii", PathFunctions::createDirectory);
    wasi.define("path_remove_directory", "iii", PathFunctions::removeDirectory);
    wasi.define("path_unlink_file", "iii", PathFunctions::unlink);
    wasi.define("path_rename", "iiiiii", PathFunctions::rename);
    wasi.define("path_link", "iiiiiii", PathFunctions::link);
    wasi.define("path_symlink", "iiiii", PathFunctions::symlink);
    wasi.define("path_readlink", "iiiiii", PathFunctions::readLink);
    wasi.define("path_filestat_get", "iiiii", PathFunctions::stat);
    wasi.define("path_filestat_set_times", "iiiiIIi", PathFunctions::setTimes);
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static boolean follows(int lookupFlags) {
    FileFunctions.requireKnown(lookupFlags, FOLLOW);
    return has(lookupFlags, FOLLOW);
  }

  private static void open(Call call) throws IOException {
    var parent = call.descriptors().directory(call.i32(0));
    int flags = call.i32(4);
    FileFunctions.requireKnown(flags, CREATE | DIRECTORY | EXCLUSIVE | TRUNCATE);
    FileFunctions.requireKnown(call.i32(7), OpenFile.KNOWN_FLAGS);
    boolean follow = follows(call.i32(1));
    boolean exclusive = has(flags, CREATE) && has(flags, EXCLUSIVE);
    call.descriptors().requireRoom();
    try (var place = parent.confined().find(call.text(2), follow && !exclusive)) {
      if (place.attributes() != null && exclusive) {
        throw Errno.EXIST.failure();
      }
      var opened =
          place.attributes() != null && place.attributes().isDirectory()
              ? openDirectory(parent, place, call)
              : openFile(parent, place, call);
      call.store32(8, call.descriptors().add(opened));
    }
  }

  private static OpenDirectory openDirectory(
      OpenDirectory parent, Confined.Place place, Call call) {
    boolean asFile = !has(call.i32(4), DIRECTORY) && has(call.i32(4), TRUNCATE | CREATE);
    if (asFile || (call.i64(5) & Rights.FD_WRITE) != 0) {
      throw Errno.ISDIR.failure();
    }
    return parent.open(place.parent().directory(place.name()), call.i64(5), call.i64(6));
  }

  private static OpenFile openFile(OpenDirectory parent, Confined.Place place, Call call)
      throws IOException {
    int flags = call.i32(4);
    boolean create = place.attributes() == null;
    requireFile(place, flags);
    boolean writes = (call.i64(5) & Rights.FD_WRITE) != 0;
    boolean changes = writes || create || has(flags, TRUNCATE);
    if (changes) {
      parent.confined().requireWritable();
    }
    if (has(flags, TRUNCATE) && (parent.rights() & Rights.PATH_FILESTAT_SET_SIZE) == 0) {
      throw Errno.NOTCAPABLE.failure();
    }
    var options = EnumSet.noneOf(StandardOpenOption.class);
    if (changes) {
      options.add(StandardOpenOption.WRITE);
    }
    if (!writes || (call.i64(5) & Rights.FD_READ) != 0) {
      options.add(StandardOpenOption.READ);
    }
    long most = parent.confined().readOnly() ? Rights.READ_FILE : Rights.FILE;
    long rights = call.i64(5) & parent.inheritingRights() & most;
    var pin = pin(place, create, has(flags, EXCLUSIVE));
    try {
      var channel = pin.open(options);
      if (has(flags, TRUNCATE)) {
        channel.truncate(0);
      }
      return new OpenFile(pin, channel, rights, call.i32(7));
    } catch (IOException | RuntimeException e) {
      pin.close();
      throw e;
    }
  }

  private static Pin pin(Confined.Place place, boolean create, boolean exclusive)
      throws IOException {
    if (create) {
      try {
        return place.parent().create(place.name());
      } catch (WasiException e) {
        if (exclusive || e.errno() != Errno.EXIST) {
          throw e;
        } // somebody else was first, so that it is opened as it is
      }
    }
    var pin = place.parent().file(place.name());
    // What the name means now may be another thing than what was looked at.
    if (!pin.attributes().isRegularFile()) {
      pin.close();
      throw Errno.ACCES.failure(); // opening a pipe or device could block, or do things
    }
    return pin;
  }

  private static void requireFile(Confined.Place place, int flags) {
    var attributes = place.attributes();
    if (attributes == null) {
      if (!has(flags, CREATE)) {
        throw Errno.NOENT.failure();
      }
      if (has(flags, DIRECTORY)) {
        throw Errno.INVAL.failure();
      }
      if (place.asDirectory()) {
        throw Errno.ISDIR.failure();
      }
      return;
    }
    if (attributes.isSymbolicLink()) {
      throw (has(flags, DIRECTORY) ? Errno.NOTDIR : Errno.LOOP).failure();
    }
    if (place.asDirectory() || has(flags, DIRECTORY)) {
      throw Errno.NOTDIR.failure();
    }
    if (!attributes.isRegularFile()) {
      throw Errno.ACCES.failure();
    }
  }

  /** What the path at argument {@code text} names in the directory at argument {@code fd}. */
  private static Confined.Place find(Call call, int fd, int text, boolean follow)
      throws IOException {
    return call.descriptors().directory(call.i32(fd)).confined().find(call.text(text), follow);
  }

  private static Confined.Place findToChange(Call call, int fd, int text) throws IOException {
    var confined = call.descriptors().directory(call.i32(fd)).confined();
    confined.requireWritable();
    var place = confined.find(call.text(text), false);
    if (place.isItself()) {
      place.close();
      throw Errno.INVAL.failure(); // the directory itself is not in the directory
    }
    return place;
  }

  private static void createDirectory(Call call) throws IOException {
    var confined = call.descriptors().directory(call.i32(0)).confined();
    confined.requireWritable();
    try (var place = confined.find(call.text(1), false)) {
      Files.createDirectory(place.path());
    }
  }

  private static void removeDirectory(Call call) throws IOException {
    try (var place = findToChange(call, 0, 1)) {
      if (!place.require().isDirectory()) {
        throw Errno.NOTDIR.failure();
      }
      Files.delete(place.path());
    }
  }

  private static void unlink(Call call) throws IOException {
    try (var place = findToChange(call, 0, 1)) {
      if (place.require().isDirectory()) {
        throw Errno.ISDIR.failure();
      }
      Files.delete(place.path());
    }
  }

  private static void rename(Call call) throws IOException {
    try (var from = findToChange(call, 0, 1);
        var to = findToChange(call, 3, 4)) {
      boolean directory = from.require().isDirectory();
      if (to.asDirectory() && !directory) {
        throw (to.attributes() == null ? Errno.NOENT : Errno.NOTDIR).failure();
      }
      if (to.attributes() != null && to.attributes().isDirectory() != directory) {
        throw (directory ? Errno.NOTDIR : Errno.ISDIR).failure();
      }
      Files.move(from.path(), to.path(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  // Only within one grant: a second name elsewhere could turn read-only into writable.
  private static void link(Call call) throws IOException {
    var fromDirectory = call.descriptors().directory(call.i32(0)).confined();
    var toDirectory = call.descriptors().directory(call.i32(4)).confined();
    toDirectory.requireWritable();
    if (!fromDirectory.grant().equals(toDirectory.grant())) {
      throw Errno.XDEV.failure();
    }
    if (follows(call.i32(1))) {
      throw Errno.INVAL.failure();
    }
    try (var from = fromDirectory.find(call.text(2), false);
        var to = toDirectory.find(call.text(5), false)) {
      if (from.require().isDirectory()) {
        throw Errno.PERM.failure();
      }
      if (to.asDirectory() && to.attributes() == null) {
        throw Errno.NOENT.failure();
      }
      Files.createLink(to.path(), from.path());
    }
  }

  /** The target may be anything relative: where it leads is looked at when it is followed. */
  private static void symlink(Call call) throws IOException {
    var confined = call.descriptors().directory(call.i32(2)).confined();
    confined.requireWritable();
    var target = call.text(0);
    if (target.isEmpty()) {
      throw Errno.NOENT.failure();
    }
    if (target.startsWith("/")) {
      throw Errno.PERM.failure();
    }
    if (target.indexOf('\0') >= 0) {
      throw Errno.ILSEQ.failure();
    }
    if (!confined.directory().holds()) {
      throw Errno.NOTSUP.failure(); // it could appear between the look at a path and its use
    }
    try (var place = confined.find(call.text(3), false)) {
      if (place.asDirectory() && place.attributes() == null) {
        throw Errno.NOENT.failure();
      }
      Files.createSymbolicLink(place.path(), Path.of(target));
    }
  }

  private static void readLink(Call call) throws IOException {
    try (var place = find(call, 0, 1, false)) {
      if (!place.require().isSymbolicLink()) {
        throw Errno.INVAL.failure();
      }
      var target = Files.readSymbolicLink(place.path()).toString().getBytes(StandardCharsets.UTF_8);
      if (target.length > 0 && target[0] == '/') {
        throw Errno.PERM.failure(); // would tell of the host
      }
      int count = Math.min(target.length, call.i32(4));
      call.memory().write(call.i32(3), target, 0, count);
      call.store32(5, count);
    }
  }

  private static void stat(Call call) throws IOException {
    try (var place = find(call, 0, 2, follows(call.i32(1)))) {
      place.require();
      FileStat.of(place.path()).store(call.memory(), call.i32(4));
    }
  }

  private static void setTimes(Call call) throws IOException {
    call.descriptors().directory(call.i32(0)).confined().requireWritable();
    try (var place = find(call, 0, 2, follows(call.i32(1)))) {
      place.require();
      var view =
          Files.getFileAttributeView(
              place.path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      FileFunctions.setTimes(view, call.i64(4), call.i64(5), call.i32(6));
    }
  }
}
