/// The request bodies of single-record writes, and the parts that batches share with them.
extension ObjectInput {
  /// The body of a create. `associations` is left out when there are none, which HubSpot's documentation does freely.
  var createBody: [UInt8] {
    JSONWriter.object { writer in
      writeProperties(&writer)
      writeAssociations(&writer)
    }
  }

  /// The body of an update.
  var updateBody: [UInt8] {
    JSONWriter.object { writer in writeProperties(&writer) }
  }

  /// This input within a batch.
  func writeBatchInput(_ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", optional: id)
      writer.member("idProperty", optional: idProperty)
      writeProperties(&writer)
      writeAssociations(&writer)
      writer.member("objectWriteTraceId", optional: traceID)
    }
  }

  private func writeProperties(_ writer: inout JSONWriter) {
    writer.key("properties")
    writer.object { writer in
      for property in properties { writer.member(property.name, property.value) }
    }
  }

  private func writeAssociations(_ writer: inout JSONWriter) {
    guard !associations.isEmpty else { return }
    writer.key("associations")
    writer.array(associations) { writer, association in
      writer.object { writer in
        writer.key("to")
        writer.object { $0.member("id", association.toID) }
        writer.key("types")
        writer.array(association.types) { writer, kind in kind.write(&writer) }
      }
    }
  }
}
