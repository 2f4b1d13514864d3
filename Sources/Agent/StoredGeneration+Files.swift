// A generation as files, and back. The manifest is written last and names all others: without it, or
// without one of them, there is no generation.

import JSON
import LinuxSystem
import Policy

extension StoredGeneration {
    /// Every file but the manifest, by its name in the generation's directory.
    var files: [(name: String, bytes: [UInt8])] {
        var files = content.rules.map { (name: Self.name(of: $0), bytes: $0.bytes) }
        if let protection = content.protection { files.append(("protection.yaml", protection)) }
        return files
    }

    /// What the manifest says.
    var manifest: JSONValue {
        .object([
            "generation": .number(number),
            "time": .string(origin.time),
            "by": .string(origin.by),
            "cause": .string(origin.cause),
            "shipped": .strings(names(.shipped)),
            "custom": .strings(names(.custom)),
            "protection": .boolean(content.protection != nil),
            "digest": .string(content.digest),
            "approvals": .object(
                approvals.rules.mapValues { approval in
                    .object([
                        "digest": .string(approval.digest),
                        "shipped": .boolean(approval.isShipped),
                    ])
                }
            ),
        ])
    }

    /// Reads what a manifest names; nil if something is missing or is not what was written.
    init?(number: UInt64, manifest: JSONValue, reading read: (String) -> [UInt8]?) {
        guard manifest["generation"]?.integer == Int64(exactly: number) else { return nil }
        var content = GenerationContent()
        for origin in [PolicyOrigin.shipped, .custom] {
            let names = manifest[origin == .shipped ? "shipped" : "custom"]?.elements ?? []
            for name in names.compactMap(\.string) {
                var file = GenerationContent.File(origin: origin, name: name, bytes: [])
                guard let bytes = read(Self.name(of: file)) else { return nil }
                file.bytes = bytes
                content.rules.append(file)
            }
        }
        if manifest["protection"]?.boolean == true {
            guard let bytes = read("protection.yaml") else { return nil }
            content.protection = bytes
        }
        // Of earlier versions there is no digest.
        if let digest = manifest["digest"]?.string, digest != content.digest { return nil }
        var approvals = BlockingApprovals()
        for (rule, value) in manifest["approvals"]?.members ?? [:] {
            guard let digest = value["digest"]?.string else { continue }
            approvals.rules[rule] = BlockingApprovals.Approval(
                digest: digest,
                isShipped: value["shipped"]?.boolean ?? false
            )
        }
        self.init(
            number: number,
            content: content,
            approvals: approvals,
            origin: GenerationOrigin(
                time: manifest["time"]?.string ?? "",
                by: manifest["by"]?.string ?? "",
                cause: manifest["cause"]?.string ?? ""
            )
        )
    }

    private func names(_ origin: PolicyOrigin) -> [String] {
        content.rules.filter { $0.origin == origin }.map(\.name)
    }

    private static func name(of file: GenerationContent.File) -> String {
        (file.origin == .shipped ? "shipped/" : "custom/") + file.name
    }
}
