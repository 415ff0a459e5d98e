package dev.dunlin.agent.instance;

import dev.dunlin.agent.code.CompiledModules;
import dev.dunlin.agent.config.FileSources;
import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.idle.IdleTimes;
import dev.dunlin.agent.log.GuestLog;
import dev.dunlin.agent.probe.ProbeRounds;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.signature.ImageGate;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/**
 * What an instance is run with: the same for all of an agent.
 *
 * @param homes folder of the instances' folders
 * @param workers unbounded; its tasks may block
 * @param timer for short tasks
 */
public record Facilities(
    InstanceApi api,
    ImageGate gate,
    CompiledModules modules,
    FileSources files,
    HttpApps http,
    ProbeRounds probes,
    CpuCaps cpu,
    GuestLog log,
    InstanceEvents events,
    InstanceMeter meter,
    Path homes,
    ExecutorService workers,
    Ticker timer,
    Clock clock,
    Timings timings,
    IdleTimes idle) {}
