/// Sends a call to the endpoint that answers it.
struct Dispatcher {
  let store: PortalStore

  func answer(_ endpoint: Endpoint, _ call: Call) async throws -> Answer {
    switch endpoint {
    case .listObjects(let type): try await objects(type, call).list()
    case .createObject(let type): try await objects(type, call).create()
    case .getObject(let type, let id): try await objects(type, call).get(id)
    case .updateObject(let type, let id): try await objects(type, call).update(id)
    case .archiveObject(let type, let id): try await objects(type, call).archive(id)
    case .searchObjects(let type): try await objects(type, call).search()
    case .mergeObjects(let type): try await objects(type, call).merge()
    case .batch(let type, let operation):
      try await BatchEndpoints(store: store, type: type, call: call).run(operation)
    case .listProperties(let type): try await properties(type, call).list()
    case .createProperty(let type): try await properties(type, call).create()
    case .readProperty(let type, let name): try await properties(type, call).read(name)
    case .updateProperty(let type, let name): try await properties(type, call).update(name)
    case .archiveProperty(let type, let name): try await properties(type, call).archive(name)
    case .batchProperties(let type, let operation): try await properties(type, call).batch(operation)
    case .listGroups(let type): try await groups(type, call).list()
    case .createGroup(let type): try await groups(type, call).create()
    case .readGroup(let type, let name): try await groups(type, call).read(name)
    case .updateGroup(let type, let name): try await groups(type, call).update(name)
    case .archiveGroup(let type, let name): try await groups(type, call).archive(name)
    case .listAssociations(let from, let id, let to): try await associations(call).list(from, id, to)
    case .associateDefault(let from, let id, let to, let toId):
      try await associations(call).associateDefault(from, id, to, toId)
    case .associate(let from, let id, let to, let toId): try await associations(call).associate(from, id, to, toId)
    case .dissociate(let from, let id, let to, let toId): try await associations(call).dissociate(from, id, to, toId)
    case .batchAssociations(let from, let to, let operation):
      try await AssociationBatchEndpoints(store: store, from: from, to: to, call: call).run(operation)
    case .associationLabels(let from, let to):
      try AssociationBatchEndpoints(store: store, from: from, to: to, call: call).labels()
    case .listPipelines(let type): AccountEndpoints(call: call).pipelines(type)
    case .readPipeline(let type, let id): try AccountEndpoints(call: call).pipeline(type, id)
    case .listStages(let type, let pipeline): try AccountEndpoints(call: call).stages(type, pipeline)
    case .readStage(let type, let pipeline, let id): try AccountEndpoints(call: call).stage(type, pipeline, id)
    case .listOwners: try AccountEndpoints(call: call).owners()
    case .readOwner(let id): try AccountEndpoints(call: call).owner(id)
    case .accountDetails: AccountEndpoints(call: call).details()
    }
  }

  private func objects(_ type: ObjectType, _ call: Call) -> ObjectEndpoints {
    ObjectEndpoints(store: store, type: type, call: call)
  }

  private func properties(_ type: ObjectType, _ call: Call) -> PropertyEndpoints {
    PropertyEndpoints(store: store, type: type, call: call)
  }

  private func groups(_ type: ObjectType, _ call: Call) -> GroupEndpoints {
    GroupEndpoints(store: store, type: type, call: call)
  }

  private func associations(_ call: Call) -> AssociationEndpoints { AssociationEndpoints(store: store, call: call) }
}
