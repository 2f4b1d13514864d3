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

    /// Whether a program is a client of containers.
    static func isClient(_ program: ByteString) -> Bool { clients.index(of: program) != nil }

    /// Reads the words of a command; nil if it starts no container.
    init?(_ words: ArraySlice<ByteString>) {
        guard let client = words.first?.baseName, Self.clients.index(of: client) != nil,
            let verb = words.prefix(8).firstIndex(where: { Self.verbs.index(of: $0) != nil }),
            !words[verb].elementsEqual("exec".utf8)
        else { return nil }
        var index = verb + 1
        // `kubectl create deployment NAME --image=…`: the image is an option's value.
        let namesImage = client.first == UInt8(ascii: "k") || client.first == UInt8(ascii: "o")
        while index < words.endIndex {
            let word = words[index]
            index += 1
            guard word.first == UInt8(ascii: "-"), word.count > 1 else {
                if namesImage { continue }
                image = word
                program = words[index...]
                return
            }
            if word.elementsEqual("--".utf8) {
                program = words[index...]
                return
            }
            readOption(word, next: index < words.endIndex ? words[index] : nil, &index)
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
                keep(name[(equals + 1)...], of: name[..<equals])
                return
            }
            guard Self.switches.index(of: name) == nil else { return }
            index += 1
            if let next { keep(next, of: name) }
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

    private mutating func keep(_ value: ByteString, of name: ByteString) {
        if name.elementsEqual("env".utf8) { environment.append(value) }
        if name.elementsEqual("image".utf8) { image = value }
    }

    private static let clients = table(
        "docker podman nerdctl nvidia-docker docker-run docker-compose ctr kubectl oc"
    )
    private static let verbs = table("run create exec")
    private static let lettersWithValue = "eavpmuwhlcn"
    /// Long options without a value.
    private static let switches = table(
        """
        rm detach interactive tty stdin privileged init read-only publish-all no-healthcheck \
        oom-kill-disable sig-proxy quiet replace rmi tls-verify http-proxy env-host no-hosts \
        disable-content-trust no-hostname no-deps service-ports net-host null-io command attach
        """
    )

    private static func table(_ words: String) -> ByteStringTable {
        ByteStringTable(words.split(separator: " ").map { Array($0.utf8) })
    }
}
