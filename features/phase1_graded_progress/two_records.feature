Feature: Two records at one telephone
  A person may be written down twice, and one telephone may be two people's. Whoever proves who they
  are reads all that is theirs, and nothing of whoever they share it with.

  @S-169 @AUTH-15
  Scenario Outline: Whoever was written down twice finds the crimes of both records
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex once more, in a record of their own with the same number
    And Lex's robbery has been recorded
    When Lex signs in by the <way>
    Then Lex reads the page of Alex's bicycle theft
    And Lex reads the page of Lex's robbery

    Examples:
      | way    |
      | number |
      | link   |

  @S-170 @PRIV-03
  Scenario Outline: Whoever shares a telephone reads only what is theirs
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam is somebody else who has Alex's telephone, and proves it by <proof>
    And Alex's bicycle theft has been recorded
    And Sam's robbery has been recorded
    When <who> signs in by the link
    Then <who> reads the page of <own>
    And <who> is not shown <others>

    Examples:
      | who  | proof          | own                  | others               |
      | Alex | something else | Alex's bicycle theft | Sam's robbery        |
      | Sam  | something else | Sam's robbery        | Alex's bicycle theft |
      | Alex | the same       | Alex's bicycle theft | Sam's robbery        |
      | Sam  | the same       | Sam's robbery        | Alex's bicycle theft |

  @S-171 @PRIV-03
  Scenario Outline: A number and a proof that two people have let neither in as the other
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam is somebody else who has Alex's telephone, and proves it by the same
    And Alex's bicycle theft has been recorded
    And Sam's robbery has been recorded
    Then the number opens nothing of <others> to <who>

    Examples:
      | who  | others               |
      | Alex | Sam's robbery        |
      | Sam  | Alex's bicycle theft |
