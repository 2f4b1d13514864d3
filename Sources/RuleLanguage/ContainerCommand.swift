// What a container client is told to run: environment, image and program of `docker run` and its
// relatives. Reads arguments only; what the image does by itself is not known here.

/// The container that `docker run …` and the like would start.
struct ContainerCommand {
    /// NAME=VALUE, as given with -e, --env.
    private(set) var environment: [ByteString] = []
    /// The image as named; nil if there is none.
    private(set) var image: ByteString?
    /// The program and its arguments, if they follow the image.
    private(set) var program: ArraySlice<ByteString> = []

    /// Reads the words of a command; nil if it starts no container.
    init?(_ words: [ByteString]) {
        guard let client = words.first?.baseName, client.count <= 10,
            Self.clients.contains(String(decoding: client, as: UTF8.self)),
            let verb = words.prefix(8).firstIndex(where: { word in
                Self.verbs.contains { word.elementsEqual($0.utf8) }
            })
        else { return nil }
        var index = verb + 1
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.first == UInt8(ascii: "-"), word.count > 1 else {
                image = word
                program = words[index...]
                return
            }
            readOption(word, next: index < words.count ? words[index] : nil, &index)
        }
    }

    /// The image's name without registry, folder, tag and digest.
    var shortImage: ByteString? {
        image?.baseName.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "@") }
    }

    private mutating func readOption(_ word: ByteString, next: ByteString?, _ index: inout Int) {
        let isLong = word[word.startIndex + 1] == UInt8(ascii: "-")
        let name = word.dropFirst(isLong ? 2 : 1)
        if isLong {
            if let equals = name.firstIndex(of: UInt8(ascii: "=")) {
                if name[..<equals].elementsEqual("env".utf8) {
                    environment.append(name[(equals + 1)...])
                }
                return
            }
            guard !Self.switches.contains(String(decoding: name.prefix(24), as: UTF8.self)) else {
                return
            }
            index += 1
            if name.elementsEqual("env".utf8), let next { environment.append(next) }
            return
        }
        // Letters without a value may stand together; one with a value ends the word or has it.
        for place in name.indices {
            guard Self.lettersWithValue.utf8.contains(name[place]) else { continue }
            let rest = name[(place + 1)...]
            if rest.isEmpty { index += 1 }
            if name[place] == UInt8(ascii: "e"), let value = rest.isEmpty ? next : rest {
                environment.append(value.first == UInt8(ascii: "=") ? value.dropFirst() : value)
            }
            return
        }
    }

    private static let clients: Set<String> = ["docker", "podman", "nerdctl", "docker-run"]
    private static let verbs = ["run", "create", "exec"]
    private static let lettersWithValue = "eavpmuwhlc"
    /// Long options without a value.
    private static let switches: Set<String> = [
        "rm", "detach", "interactive", "tty", "privileged", "init", "read-only", "publish-all",
        "no-healthcheck", "oom-kill-disable", "sig-proxy", "quiet", "replace", "rmi", "tls-verify",
        "http-proxy", "env-host", "disable-content-trust", "no-hosts", "no-hostname",
    ]
}
