package dev.dunlin.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a data folder to one agent; the operating system lets go of it when the process ends. */
final class DataDirLock implements AutoCloseable {
  private static final int LONGEST_PID = 20;

  private final FileChannel channel;

  private DataDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder if need be.
   *
   * @throws DataDirInUseException when another agent, of this process or another, has it
   */
  static DataDirLock take(Path dataDir) throws IOException {
    Files.createDirectories(dataDir);
    var channel =
        FileChannel.open(
            dataDir.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (!locks(channel)) {
        throw new DataDirInUseException(dataDir, holder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(ascii(String.valueOf(ProcessHandle.current().pid()))), 0);
      return new DataDirLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean locks(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // an agent of this process has it
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var pid = ByteBuffer.allocate(LONGEST_PID);
    int length = Math.max(0, channel.read(pid, 0));
    return new String(pid.array(), 0, length, StandardCharsets.US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
