package dev.dunlin.agent.idle;

import dev.dunlin.engine.HttpGuest;

/**
 * What an instance sleeps and wakes by. Called by one thread at a time, but for what must not
 * block.
 */
public interface Bed {
  /**
   * A guest, of code that is got back if it was given up; blocks.
   *
   * @throws RuntimeException when it cannot be had now; the message says why
   * @throws java.util.concurrent.CancellationException when the instance has ended
   */
  HttpGuest guest() throws InterruptedException;

  /** Whether the code can be given up; not while better code is made of it. Must not block. */
  boolean mayForgetCode();

  /** Gives up the memory of the code. No guest is there. */
  void forgetCode();

  /** Must not block. */
  void told(IdleNews news);
}
