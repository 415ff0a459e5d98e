// Does what every command among the guests does, with Zig's own standard library, without C's.

const std = @import("std");
const Io = std.Io;

pub fn main(init: std.process.Init) !u8 {
    const io = init.io;
    const arena = init.arena.allocator();
    const args = (try init.minimal.args.toSlice(arena))[1..];

    var buffer: [4096]u8 = undefined;
    var stdout = Io.File.stdout().writer(io, &buffer);
    const out = &stdout.interface;
    try out.print("arguments: ", .{});
    for (args, 0..) |arg, i| try out.print("{s}{s}", .{ if (i > 0) ", " else "", arg });
    try out.print("\ngreeting: {s}\n", .{init.environ_map.get("GREETING") orelse "unset"});

    var read_buffer: [4096]u8 = undefined;
    var stdin = Io.File.stdin().reader(io, &read_buffer);
    const input = try stdin.interface.allocRemaining(arena, .unlimited);
    var lines = std.mem.count(u8, input, "\n");
    if (input.len > 0 and input[input.len - 1] != '\n') lines += 1;
    try out.print("standard input: {d} bytes in {d} lines\n", .{ input.len, lines });

    const data = init.preopens.get("/data").?.dir;
    const text = try data.readFileAlloc(io, "in.txt", arena, .unlimited);
    try out.print("in.txt: {s}", .{text});
    try data.writeFile(io, .{ .sub_path = "out.txt", .data = try std.ascii.allocUpperString(arena, text) });
    try out.print("out.txt: {s}", .{try data.readFileAlloc(io, "out.txt", arena, .unlimited)});
    if (data.access(io, "missing.txt", .{})) {
        try out.print("missing.txt: there\n", .{});
    } else |failure| {
        try out.print("missing.txt: {s}\n", .{if (failure == error.FileNotFound) "entity not found" else @errorName(failure)});
    }

    try out.flush();
    try Io.File.stderr().writeStreamingAll(io, "a line on standard error\n");
    return if (args.len > 0) std.fmt.parseInt(u8, args[args.len - 1], 10) catch 0 else 0;
}
