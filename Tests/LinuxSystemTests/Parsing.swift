// The parsers on arrays: the macros of the testing library cannot hold a Span.

import LinuxSystem

func parseEvent(_ bytes: some Sequence<UInt8>) -> ProcEvent? {
    ProcEvent(message: Array(bytes).span.bytes)
}

func parseStat(_ bytes: some Sequence<UInt8>) -> ProcessStat? {
    ProcessStat(Array(bytes).span)
}

func parseStatus(_ bytes: some Sequence<UInt8>) -> ProcessStatus? {
    ProcessStatus(Array(bytes).span)
}

func parseMounts(_ bytes: some Sequence<UInt8>) -> MountTable { MountTable(Array(bytes).span) }

func parseCgroups(_ bytes: some Sequence<UInt8>) -> CgroupFile { CgroupFile(Array(bytes).span) }
