reduce inputs as $r ({n: 0, total: 0};
  ($r.properties
    | ((.quantity | tonumber) * (.unit_price | tonumber)) as $gross
    | .hs_forecast_amount = $gross - $gross * ((.discount_percent | tonumber) * 0.01)) as $p
  | .n += 1 | .total += $p.hs_forecast_amount)
| "\(.n) \(.total)"
