package dev.dunlin.api.v1alpha1;

/** What runs a module. */
public sealed interface Workload permits HttpWorkload, WorkerWorkload, JobWorkload, CronWorkload {}
