import HubSpot
import LisEngine

/// Nobody watches.
struct SilentObserver: RunObserver {
  func reading(_ object: String, rows: Int, total: Int?) {}
  func planned(_ plan: Plan) {}
  func sent(_ progress: SendProgress) {}
  func finished(_ report: Report, plan: Plan) {}
  func waiting(_ wait: RequestWait) {}
  func notice(_ text: String) {}
}
