Feature: Two records turn out to be of one person
  A force may have two records of one person, and merges them. Each report stays what it was; the victim
  reads all of them by the record that survives. Where two people were merged by mistake and that is
  taken back, each reads their own.

  @S-440 @PERS-01 @needs_persons_merged
  Scenario: The victim reads the reports of both records once they are merged
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex again, recorded with another number
    And the robbery Lex reported has been recorded
    And Lex has read every message
    When the record of Lex is merged into the record of Alex
    And 2 hours pass
    And Alex signs in by the number
    Then Alex reads the page of the bicycle theft Alex reported
    And Alex reads the page of the robbery Lex reported
    When Alex has read every message
    And an officer is deployed to the crime Lex reported
    Then Alex is told by text exactly once
    And Lex gets no more messages

  @S-441 @PERS-02 @needs_persons_merged
  Scenario: What let the victim in by the merged record opens nothing any more
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex again, recorded with another number
    And Lex has signed in to follow a robbery
    When the record of Lex is merged into the record of Alex
    Then Lex's old session shows nothing
    And Lex can no longer sign in from the invitation

  @S-442 @PERS-03 @needs_persons_merged
  Scenario Outline: What is not safe in one record is not safe in the other
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    When the force records that <unsafe> is not safe to contact
    And an hour passes
    And the record of Sam is merged into the record of Alex
    And 2 hours pass
    And Alex has read every message
    And Sam has read every message
    And an officer is deployed to the crime Alex reported
    And an officer is deployed to the crime Sam reported
    And a day passes
    Then Alex gets no more messages
    And Sam gets no more messages
    And the force is asked to speak to <other>

    Examples:
      | unsafe | other |
      | Alex   | Sam   |
      | Sam    | Alex  |

  @S-443 @PERS-03 @needs_persons_merged @needs_received_texts
  Scenario: STOP in the merged record holds for the victim
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex again, recorded with another number
    And Lex has signed in to follow a robbery
    When Lex texts back "STOP"
    And an hour passes
    And the record of Lex is merged into the record of Alex
    And 2 hours pass
    And Alex has read every message
    And Lex has read every message
    And an officer is deployed to the crime Alex reported
    And an officer is deployed to the crime Lex reported
    And a day passes
    Then Alex gets no more messages
    And Lex gets no more messages

  @S-444 @PERS-04 @needs_persons_merged
  Scenario: Records with different names wait until the force has looked
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has signed in to follow a robbery
    When the record of Sam is merged into the record of Alex
    And 2 hours pass
    Then the force is asked whether the record of Sam is of the same person
    And Alex is not shown the robbery Sam reported
    When Alex has read every message
    And an officer is deployed to the crime Sam reported
    Then Sam is told by text that there is an update
    And Alex gets no more messages

  @S-445 @PERS-04 @PERS-01 @needs_persons_merged
  Scenario: Once the force has looked the victim is told of both reports
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex again, recorded with another number
    And Lex has another family name on record
    And the robbery Lex reported has been recorded
    When the record of Lex is merged into the record of Alex
    And 2 hours pass
    Then the force is asked whether the record of Lex is of the same person
    When the force confirms the record of Alex
    And 2 hours pass
    And Alex signs in by the number
    Then Alex reads the page of the robbery Lex reported
    When Alex has read every message
    And an officer is deployed to the crime Lex reported
    Then Alex is told by text exactly once

  @S-446 @PERS-05 @needs_persons_merged
  Scenario: Two people who were merged by mistake each read only their own reports again
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    When the record of Sam is merged into the record of Alex
    And 2 hours pass
    And the merger of the record of Sam is taken back
    And 2 hours pass
    And Alex signs in by the number
    Then Alex reads the page of the bicycle theft Alex reported
    And Alex is not shown the robbery Sam reported
    When Sam signs in by the number
    Then Sam reads the page of the robbery Sam reported
    And Sam is not shown the bicycle theft Alex reported
    When Alex has read every message
    And Sam has read every message
    And an officer is deployed to the crime Sam reported
    Then Sam is told by text exactly once
    And Alex gets no more messages

  @S-447 @PERS-05 @needs_persons_merged
  Scenario: A session from the time of the merger shows nothing of the other person
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    When the record of Sam is merged into the record of Alex
    And an hour passes
    And Alex signs in by the number
    Then Alex reads the page of the robbery Sam reported
    When the merger of the record of Sam is taken back
    Then Alex's session shows no report that Sam made

  @S-448 @PERS-06 @needs_persons_merged
  Scenario: The force looks into what the wrong person was sent
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    When the record of Sam is merged into the record of Alex
    And 2 hours pass
    And an officer is deployed to the crime Sam reported
    And 2 hours pass
    And the merger of the record of Sam is taken back
    Then the force is asked to look into what was sent about Sam

  @S-457 @PERS-05 @PERS-06 @needs_persons_merged
  Scenario: What was merged into a record goes with it when that is parted from another
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    And Lex wants to hear by text
    And Lex is Sam again, recorded with another number
    And Lex has signed in to follow a bicycle theft
    When the record of Lex is merged into the record of Sam
    And an hour passes
    And the record of Sam is merged into the record of Alex
    And 2 hours pass
    And an officer is deployed to the crime Lex reported
    And 2 hours pass
    And the merger of the record of Sam is taken back
    And 2 hours pass
    Then the force is asked to look into what was sent about Lex
    When Alex has read every message
    And Sam has read every message
    And an officer is deployed to the crime Lex reported
    Then Sam is told by text exactly once
    And Alex gets no more messages

  @S-449 @PERS-07 @needs_persons_merged
  Scenario: News of a report with both records is told once
    Given Alex wants to hear by text
    And Lex wants to hear by text
    And Lex is Alex again, recorded with another number
    And a bicycle theft has been recorded with Alex and Lex in it
    And an hour has passed
    And Alex has read every message
    And Lex has read every message
    When the record of Lex is merged into the record of Alex
    And 2 hours pass
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text exactly once
    And Lex gets no more messages
