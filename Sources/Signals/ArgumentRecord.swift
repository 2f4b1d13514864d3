// Arguments and environment as a signal keeps them: scrubbed and bounded when they come in.

/// The arguments of a process: secrets scrubbed, the total bounded.
package struct ArgumentRecord: Sendable, Equatable {
    /// The first argument, by convention the name of the program.
    package let argv0: [UInt8]
    /// The arguments after the first.
    package let values: [[UInt8]]
    /// Whether something is missing: cut by the kernel interface, by the reader or by the bound.
    package let isTruncated: Bool

    /// How many bytes of arguments a signal keeps of the program a rule matched.
    package static let defaultLimitBytes = 8192
    /// How many bytes of arguments a signal keeps of each ancestor.
    package static let ancestorLimitBytes = 512

    /// No arguments at all.
    package init() {
        argv0 = []
        values = []
        isTruncated = false
    }

    /// Keeps an argument vector: scrubs it, then cuts it to `limitBytes`.
    ///
    /// - Parameters:
    ///   - argv: the vector with the program name first.
    ///   - isTruncated: whether the vector is already incomplete.
    ///   - limitBytes: arguments that begin beyond this many bytes are dropped; the one that
    ///     reaches across is cut with the marker of `Cut`.
    package init(
        argv: some Sequence<some Sequence<UInt8>>,
        isTruncated: Bool = false,
        limitBytes: Int = defaultLimitBytes
    ) {
        var kept: [[UInt8]] = []
        var sizeBytes = 0
        var isCut = isTruncated
        for argument in argv {
            // Scrubbing goes first: a cut could hide what shows that a string holds a secret.
            guard sizeBytes < limitBytes else {
                isCut = true
                break
            }
            kept.append(Array(argument))
            sizeBytes += kept[kept.count - 1].count + 1
        }
        kept = SecretScrubber.scrub(arguments: kept)
        var left = limitBytes
        for index in kept.indices {
            let count = kept[index].count
            if count > left {
                kept[index] = Cut.bytes(kept[index], limit: left)
                isCut = true
            }
            left = max(0, left - count - 1)
        }
        argv0 = kept.first ?? []
        values = Array(kept.dropFirst())
        self.isTruncated = isCut
    }
}

/// The environment of a process: names, and the scrubbed values of a few harmless variables.
package struct EnvironmentRecord: Sendable, Equatable {
    /// The names of the variables, in order.
    package let names: [[UInt8]]
    /// `NAME=value` of the variables whose value is kept, in order.
    package let values: [[UInt8]]
    /// The value of `DD_SERVICE`, the first if there are several; empty if unset.
    package let service: [UInt8]
    /// Whether something is missing.
    package let isTruncated: Bool

    /// How many bytes of names, and how many of values, a signal keeps.
    package static let limitBytes = 4096

    /// The variables whose value is kept: they say who started the program and how it is loaded,
    /// or are set by miners; none is meant for secrets, and they are scrubbed nevertheless.
    package static let namesWithValue: Set<String> = [
        "DD_SERVICE", "DD_ENV", "DD_VERSION", "PATH", "SUDO_USER", "SSH_CONNECTION",
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "http_proxy", "https_proxy", "all_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "CUDA_VISIBLE_DEVICES", "GPU_MAX_HEAP_SIZE",
        "GPU_MAX_ALLOC_PERCENT", "GPU_FORCE_64BIT_PTR", "GPU_USE_SYNC_OBJECTS",
    ]

    /// No environment at all.
    package init() {
        names = []
        values = []
        service = []
        isTruncated = false
    }

    /// Keeps an environment: names as they are, values only of `namesWithValue`, scrubbed and cut.
    ///
    /// A string without `=` is kept nowhere: it may be anything, a secret too.
    package init(envp: some Sequence<some Sequence<UInt8>>, isTruncated: Bool = false) {
        var names: [[UInt8]] = []
        var values: [[UInt8]] = []
        var service: [UInt8]?
        var isCut = isTruncated
        var (namesLeft, valuesLeft) = (Self.limitBytes, Self.limitBytes)
        for string in envp {
            let string = Array(string)
            guard let equals = string.firstIndex(of: UInt8(ascii: "=")) else {
                isCut = true
                continue
            }
            let name = Array(string[..<equals])
            if service == nil, name == Array("DD_SERVICE".utf8) {
                service = Cut.bytes(Array(string[(equals + 1)...]), limit: 256)
            }
            if name.count < namesLeft {
                names.append(name)
                namesLeft -= name.count + 1
            } else {
                isCut = true
            }
            guard Self.namesWithValue.contains(String(decoding: name, as: UTF8.self)) else {
                continue
            }
            let scrubbed = SecretScrubber.scrub(environmentString: string)
            if scrubbed.count > valuesLeft { isCut = true }
            if valuesLeft > name.count {
                values.append(Cut.bytes(scrubbed, limit: valuesLeft))
            }
            valuesLeft = max(0, valuesLeft - scrubbed.count - 1)
        }
        self.names = names
        self.values = values
        self.service = service ?? []
        self.isTruncated = isCut
    }
}
