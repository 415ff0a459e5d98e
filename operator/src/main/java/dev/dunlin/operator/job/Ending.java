package dev.dunlin.operator.job;

/** Why a job fails. */
public record Ending(String reason, String message) {}
