package dev.dunlin.agent.signature;

/**
 * What the policies say of an image that may start.
 *
 * @param well whether every policy that concerns it is satisfied; else one that only warns is not
 * @param reason one of {@link dev.dunlin.api.v1alpha1.Reasons}
 * @param message for people
 */
public record Judgement(boolean well, String reason, String message) {}
