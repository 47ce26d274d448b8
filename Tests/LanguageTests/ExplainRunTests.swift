import Testing

/// `lis explain`: every `find` that a run may come to is told of, those in loops over rows with the rows around them.
@Suite struct ExplainRunTests {
  private func explained(_ text: String) async throws -> Trial {
    var options = TrialOptions()
    options.explainsOnly = true
    return try await PortalTests.portal.value.run(text, options)
  }

  @Test func loopsOverRowsAreTold() async throws {
    let trial = try await explained(
      """
      let deals = find deals where .amount > 5
      for deal in deals {
        let items = find where .deal == deal.id and .price > 3
          | take 5
        for item in items { print(count(find products where .price == item.price)) }
      }
      deals | map count(find where .price > 1 and .quantity != .amount) | save "x.csv"
      """)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.output.contains("test.lis:1\nfind deals\n  way "), "\(trial.output)")
    #expect(
      trial.output.contains(
        """
        test.lis:3
        find line_items
          asked       once per row of `deals`
          where       .deal == deal.id
                      .price > 3
          then        take 5

        test.lis:5
        find products
          asked       once per row of `items`, once per row of `deals`
          where       .price == item.price

        test.lis:7
        find line_items
          asked       once per row of `deals`
          where       .price > 1
                      .quantity != .amount

        """), "\(trial.output)")
  }

  /// Nothing is read, so nothing has to say `all`; that a run would have to is told.
  @Test func whatARunWouldRefuseIsTold() async throws {
    let trial = try await explained("find where lower(.name) == \"x\"\nfind deals")
    #expect(trial.outcome == .done, "\(trial.notes)")
    let reason = "a run is refused without `all`: "
    #expect(trial.output.contains(reason + "nothing of the condition can be sent"), "\(trial.output)")
    #expect(trial.output.contains(reason + "there is no condition"), "\(trial.output)")
  }

  @Test func functionsAreToldWhereTheyAreReached() async throws {
    let trial = try await explained(
      """
      fn items(deal) = count(find where .deal == deal)
      fn unused() = count(find where .price > 1)
      find deals where .amount > 5 | each d { print(items(d.id)) }
      """)
    #expect(trial.outcome == .done, "\(trial.notes)")
    #expect(trial.output.contains("test.lis:1\nfind line_items\n  asked       perhaps: "), "\(trial.output)")
    #expect(!trial.output.contains("test.lis:2"), "\(trial.output)")
  }
}
