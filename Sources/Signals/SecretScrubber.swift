// Takes secrets out of arguments and environments before they are recorded.
// What a secret is: values under a telling name, passwords in URLs, credentials of known shape.
// What must survive: wallets, pool addresses, user names, miners' `-p x`; they are the evidence.
// Each string is read once from left to right, whatever is in it.

/// Takes secrets out of strings: each becomes `********`, whatever its length.
package enum SecretScrubber {
    /// What stands in the place of a secret.
    package static let marker: [UInt8] = Array("********".utf8)

    /// Scrubs an argument vector, with the program name first.
    ///
    /// A value may stand in the same argument as its name (`--password=x`, `password: x`) or in the
    /// next one (`--password x`). A next argument that begins with `-` is an option, not a value.
    package static func scrub(arguments: [[UInt8]]) -> [[UInt8]] {
        let program = ProgramOptions(argv0: arguments.first ?? [])
        var scrubbed: [[UInt8]] = []
        scrubbed.reserveCapacity(arguments.count)
        var takesValue: ProgramOptions.Form?
        for (index, argument) in arguments.enumerated() {
            let form = takesValue
            takesValue = nil
            if let form, argument.first != UInt8(ascii: "-") {
                scrubbed.append(value(argument, form))
                continue
            }
            takesValue = index == 0 ? nil : valueForm(after: argument, program)
            if index > 0, let range = program.attachedSecret(in: argument) {
                scrubbed.append(Array(argument[..<range.lowerBound]) + marker)
            } else {
                scrubbed.append(scrub(text: argument))
            }
        }
        return scrubbed
    }

    /// Scrubs one `NAME=value` of an environment.
    package static func scrub(environmentString: [UInt8]) -> [UInt8] {
        guard let equals = environmentString.firstIndex(of: UInt8(ascii: "=")) else {
            return scrub(text: environmentString)
        }
        let (name, value) = (environmentString[..<equals], environmentString[(equals + 1)...])
        let isHarmless = name.elementsEqual("PWD".utf8) || name.elementsEqual("OLDPWD".utf8)
        let isSecret = !value.isEmpty && !isHarmless && SecretName.isSecret(name)
        return environmentString[...equals] + (isSecret ? marker : scrub(text: Array(value)))
    }

    /// Scrubs one string by what stands in it.
    package static func scrub(text: [UInt8]) -> [UInt8] {
        // An option with its value is one argument: the value goes to the end, spaces and all.
        if text.first == UInt8(ascii: "-"), let equals = text.firstIndex(of: UInt8(ascii: "=")),
            SecretName.isSecret(text[..<equals]), equals + 1 < text.count,
            !SecretScanner.isPoolAddress(text[(equals + 1)...])
        {
            return text[...equals] + marker
        }
        if let colon = text.firstIndex(of: UInt8(ascii: ":")), SecretName.isCookie(text[..<colon]),
            colon + 1 < text.count
        {
            return text[...colon] + marker
        }
        var scanner = SecretScanner(text)
        return replacing(scanner.secrets(), in: text)
    }

    private static func valueForm(
        after argument: [UInt8],
        _ program: ProgramOptions
    ) -> ProgramOptions.Form? {
        if let form = program.valueForm(after: argument) { return form }
        let isOption = argument.first == UInt8(ascii: "-")
        let hasValue = argument.contains(UInt8(ascii: "="))
        return isOption && !hasValue && SecretName.isSecret(argument[...]) ? .whole : nil
    }

    private static func value(_ argument: [UInt8], _ form: ProgramOptions.Form) -> [UInt8] {
        switch form {
        case .whole:
            // A pool address is evidence wherever it stands; only its password goes.
            return SecretScanner.isPoolAddress(argument[...]) ? scrub(text: argument) : marker
        case .afterColon:
            guard let colon = argument.firstIndex(of: UInt8(ascii: ":")) else { return argument }
            return argument[...colon] + marker
        }
    }

    private static func replacing(_ ranges: [Range<Int>], in text: [UInt8]) -> [UInt8] {
        guard !ranges.isEmpty else { return text }
        var result: [UInt8] = []
        var position = 0
        for range in ranges where range.lowerBound >= position && !range.isEmpty {
            result += text[position..<range.lowerBound] + marker
            position = range.upperBound
        }
        return result + text[position...]
    }
}

/// The short options by which well-known programs take a secret.
struct ProgramOptions {
    /// What of a value is secret.
    enum Form {
        case whole, afterColon
    }

    private let name: String

    init(argv0: [UInt8]) {
        let start = argv0.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        name = String(decoding: argv0[start...], as: UTF8.self)
    }

    /// How the argument after this option is secret; nil if it is not.
    func valueForm(after option: [UInt8]) -> Form? {
        switch (name, String(decoding: option.prefix(16), as: UTF8.self)) {
        case ("sshpass", "-p"), ("redis-cli", "-a"), ("mosquitto_pub", "-P"),
            ("mosquitto_sub", "-P"), ("ldapsearch", "-w"), ("ldapmodify", "-w"):
            .whole
        case ("curl", "-u"), ("curl", "--user"), ("curl", "-U"), ("curl", "--proxy-user"):
            .afterColon
        default: nil
        }
    }

    /// The secret that is attached to its option in one argument, to its end.
    func attachedSecret(in argument: [UInt8]) -> Range<Int>? {
        let takesPassword = [
            "mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "sshpass",
        ]
        guard takesPassword.contains(name), argument.count > 2,
            argument.prefix(2).elementsEqual("-p".utf8)
        else { return nil }
        return 2..<argument.count
    }
}
