Feature: Two records share one phone
  A person may be recorded twice, and two people may share one phone. A person who proves who they are
  reads all that is theirs, and nothing of anyone they share the phone with.

  @S-169 @AUTH-15
  Scenario Outline: A victim recorded twice finds the reports under both records
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex in a second record with the same number
    And the robbery Lex reported has been recorded
    When Lex signs in by the <way>
    Then Lex reads the page of the bicycle theft Alex reported
    And Lex reads the page of the robbery Lex reported

    Examples:
      | way    |
      | number |
      | link   |

  @S-170 @PRIV-03
  Scenario Outline: Two people who share a phone each see only their own report
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam shares Alex's phone and proves who they are by <proof>
    And the bicycle theft Alex reported has been recorded
    And the robbery Sam reported has been recorded
    When <who> signs in by the link
    Then <who> reads the page of <own>
    And <who> is not shown <others>

    Examples:
      | who  | proof          | own                             | others                          |
      | Alex | something else | the bicycle theft Alex reported | the robbery Sam reported        |
      | Sam  | something else | the robbery Sam reported        | the bicycle theft Alex reported |
      | Alex | the same       | the bicycle theft Alex reported | the robbery Sam reported        |
      | Sam  | the same       | the robbery Sam reported        | the bicycle theft Alex reported |

  @S-171 @PRIV-03
  Scenario Outline: Two people with the same number and proof cannot sign in as each other
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam shares Alex's phone and proves who they are by the same
    And the bicycle theft Alex reported has been recorded
    And the robbery Sam reported has been recorded
    Then the number does not open <others> to <who>

    Examples:
      | who  | others                          |
      | Alex | the robbery Sam reported        |
      | Sam  | the bicycle theft Alex reported |
