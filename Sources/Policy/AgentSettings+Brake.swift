// The mapping `brake` of minewarden.yaml.

import YAML

extension AgentSettings {
    private static let brakeKeys = ["executables", "containers", "period"]

    mutating func readBrake(_ pair: YAMLPair, with decoder: inout PolicyDecoder) {
        for pair in decoder.pairs(pair) ?? [] {
            switch pair.key.value {
            case "executables":
                brake.executables = Self.count(pair, &decoder) ?? brake.executables
            case "containers":
                brake.containers = Self.count(pair, &decoder) ?? brake.containers
            case "period":
                guard let value = decoder.duration(pair) else { break }
                if (Duration.seconds(1)...Duration.seconds(86_400)).contains(value) {
                    brake.period = value
                } else {
                    decoder.report(
                        .badSetting,
                        "'period' must be from 1s to 24h",
                        at: pair.value.span
                    )
                }
            default: decoder.unknownKey(pair, in: "the brake", known: Self.brakeKeys)
            }
        }
    }

    private static func count(_ pair: YAMLPair, _ decoder: inout PolicyDecoder) -> Int? {
        decoder.integer(pair, in: 0...1_000_000).map { Int($0) }
    }
}
