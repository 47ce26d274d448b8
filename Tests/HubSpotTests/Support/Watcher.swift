import HubSpot
import Synchronization

/// Remembers what a client did.
final class Watcher: ExchangeObserver {
  private let seen = Mutex<[Exchange]>([])

  var exchanges: [Exchange] { seen.withLock { $0 } }

  func ended(_ exchange: Exchange) { seen.withLock { $0.append(exchange) } }
}
