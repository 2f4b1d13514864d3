// What one decision costs, and what loading costs, for 10 to 10,000 rules.
//
// Run it with `make bench-rules` (release). Times are those of the fastest of several passes over a
// fixed set of execs; an event is described once, so that the time is that of deciding, not of
// reading /proc. "x 10" is the ratio to ten rules: what a large policy costs more than a small one.
// Allocations are counted by a malloc of our own, so they are exact; "visited" is how many rules an
// exec is tried with. Known ways to be wrong: other load on the machine, a debug build.
// `--rules DIR` measures the rules in a folder on ordinary execs as well, arguments looked at anew.
// `--check` makes the exit status 1 if a target is missed: at most twice the time for 10,000 rules
// as for 10, loading within a second, no allocation on a benign exec, 5 us with the rules of DIR.

internal import Glibc

func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func fixed(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int(value * scale + 0.5)
    let digits = String(scaled)
    guard places > 0 else { return digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return padded.dropLast(places) + "." + padded.suffix(places)
}

print(
    [
        "rules", "load ms", "benign ns", "x 10", "match ns", "x 10", "visited", "allocs",
        "match allocs",
    ]
    .map { column($0, 13) }.joined()
)
var measurements: [Measurement] = []
for count in [10, 100, 1_000, 10_000] {
    let this = measure(ruleCount: count)
    measurements.append(this)
    let base = measurements[0]
    print(
        [
            "\(this.rules)", fixed(this.loadMilliseconds, 1), fixed(this.benignNanoseconds, 0),
            fixed(this.benignNanoseconds / base.benignNanoseconds, 2),
            fixed(this.minerNanoseconds, 0),
            fixed(this.minerNanoseconds / base.minerNanoseconds, 2), fixed(this.benignVisited, 2),
            fixed(this.benignAllocations, 2), fixed(this.minerAllocations, 2),
        ].map { column($0, 13) }.joined()
    )
}

var missed: [String] = []
if let option = CommandLine.arguments.firstIndex(of: "--rules"),
    option + 1 < CommandLine.arguments.count
{
    let (time, allocations) = measureShippedRules(in: CommandLine.arguments[option + 1])
    print("shipped rules: \(fixed(time, 0)) ns and \(fixed(allocations, 2)) allocations each")
    if time > 5_000 { missed.append("decision time with the shipped rules") }
}

let (least, most) = (measurements[0], measurements[measurements.count - 1])
if most.benignNanoseconds > 2 * least.benignNanoseconds { missed.append("benign decision time") }
if most.minerNanoseconds > 2 * least.minerNanoseconds { missed.append("matching decision time") }
if most.loadMilliseconds >= 1_000 { missed.append("load time") }
if most.benignAllocations > 0 { missed.append("allocations") }
print(missed.isEmpty ? "all targets met" : "missed: \(missed.joined(separator: ", "))")
if CommandLine.arguments.contains("--check"), !missed.isEmpty { exit(1) }
