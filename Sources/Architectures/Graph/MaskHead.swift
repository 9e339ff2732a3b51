import FloatGraph

/// DETR's mask head: "End-to-End Object Detection with Transformers", Carion et al., 2020, section 5.
///
/// A query's attention to the tokens, head by head, goes with the tokens themselves through 3×3
/// convolutions and, stage by stage, over the larger maps of the backbone. What does not depend on the
/// query is computed once: the first convolution's part over the tokens, and the adapters of the
/// backbone's maps. The rest is computed for the queries that are asked for.
extension GraphBuilder {
  /// Adds the mask head behind everything else.
  ///
  /// - Parameters:
  ///   - queries: the decoder's output.
  ///   - memory: the encoder's output.
  ///   - tokens: the encoder's input.
  ///   - maps: the maps of the backbone.
  /// - Throws: ``ArchitectureError``.
  mutating func maskHead(
    queries: Value,
    memory: Value,
    tokens: Value,
    maps: [Value]
  ) throws(ArchitectureError) {
    let (width, heads) = (configuration.width, configuration.encoderHeads)
    let keys = try linear(.maskAttention(.key), memory, outputs: width)
    // The input is the tokens' channels, then one a head.
    let first = try reader.convolution(
      .maskConvolution(0),
      outputs: width + heads,
      inputs: width + heads,
      kernel: 3
    )
    let window = FloatOperation.Window(kernel: 3, padding: 1)
    let ofTokens = graph.append(
      .convolution(first.selectingInputs(0..<width), window, .none),
      inputs: [tokens],
      name: "\(Module.maskConvolution(0).name).tokens"
    )
    // The last map that the transformer reads is not among them.
    let larger = maps[..<configuration.backbone.outputs.last!].suffix(3).reversed()
    guard larger.count == 3 else {
      throw .unsupported(
        place: reader.describe("mask_head"),
        found: "a backbone of \(maps.count) stages",
        supported: "at least four with a mask head"
      )
    }
    var adapted: [Value] = []
    for (index, map) in larger.enumerated() {
      let module = Module.maskAdapter(index)
      let outputs = try reader.shape(module).value.first ?? 0
      let weights = try reader.convolution(
        module,
        outputs: outputs,
        inputs: graph[map].channels,
        kernel: 1
      )
      adapted.append(
        graph.append(
          .convolution(weights, .init(kernel: 1), .none),
          inputs: [map],
          name: module.name
        )
      )
    }

    let firstNode = graph.nodes.count
    let query = graph.append(.selectQuery, inputs: [queries], name: "mask_head.query")
    let asked = try linear(.maskAttention(.query), query, outputs: width)
    let attention = graph.append(
      .attentionMap(.init(heads: heads, keyGrid: tokens)),
      inputs: [asked, keys],
      name: "mask_head.attention"
    )
    let ofAttention = graph.append(
      .convolution(
        first.selectingInputs(width..<width + heads, keepsBias: false),
        window,
        .none
      ),
      inputs: [attention],
      name: "\(Module.maskConvolution(0).name).attention"
    )
    var value = add(ofAttention, ofTokens, name: Module.maskConvolution(0).name)
    value = try maskNorm(0, value)
    value = try maskBlock(1, value)
    for (stage, map) in adapted.enumerated() {
      let enlarged = graph.append(
        .enlarge,
        inputs: [value, map],
        name: "mask_head.enlarged\(stage + 1)"
      )
      value = add(enlarged, map, name: "mask_head.stage\(stage + 1)")
      value = try maskBlock(stage + 2, value)
    }
    let output = try reader.convolution(
      .maskOutput,
      outputs: 1,
      inputs: graph[value].channels,
      kernel: 3
    )
    let mask = graph.append(
      .convolution(output, window, .none),
      inputs: [value],
      name: Module.maskOutput.name
    )
    graph.perQuery = FloatGraph.PerQuery(firstNode: firstNode, mask: mask)
  }

  private mutating func maskBlock(_ index: Int, _ input: Value) throws(ArchitectureError) -> Value {
    let module = Module.maskConvolution(index)
    let weights = try reader.convolution(
      module,
      outputs: try reader.shape(module).value.first ?? 0,
      inputs: graph[input].channels,
      kernel: 3
    )
    let value = graph.append(
      .convolution(weights, .init(kernel: 3, padding: 1), .none),
      inputs: [input],
      name: module.name
    )
    return try maskNorm(index, value)
  }

  /// A group norm of eight groups, or as many as there are channels, and a ReLU.
  private mutating func maskNorm(_ index: Int, _ input: Value) throws(ArchitectureError) -> Value {
    let module = Module.maskNorm(index)
    let channels = graph[input].channels
    let groups = min(8, channels)
    guard channels % groups == 0 else {
      throw .unsupported(
        place: try reader.shape(module).place,
        found: "\(channels) channels",
        supported: "a multiple of \(groups), the groups of the norm"
      )
    }
    let norm = graph.append(
      .groupNorm(try normalization(module, channels: channels), groups: groups),
      inputs: [input],
      name: module.name
    )
    return graph.append(.parametricRelu(slope: 0), inputs: [norm], name: "\(module.name).relu")
  }
}

extension FloatOperation.Weights {
  /// The part of a convolution's weights that reads some of its inputs.
  fileprivate func selectingInputs(
    _ range: Range<Int>,
    keepsBias: Bool = true
  ) -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: range.count,
      values: stride(from: 0, to: values.count, by: inputs).flatMap { first in
        values[first + range.lowerBound..<first + range.upperBound]
      },
      bias: keepsBias ? bias : []
    )
  }
}
