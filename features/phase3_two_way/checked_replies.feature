Feature: A reply that may hold another person's data is checked before the victim reads it
  An officer may paste the number or the address of a witness or a suspect into a reply. The portal gives
  it back to them, and shows it when they have looked again.

  @S-327 @TWO-17
  Scenario Outline: A reply with what may be another person's data is not shown
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    When the officer replies "<words>"
    Then the officer is asked to check the reply to Alex
    And Alex never sees "<words>"
    And Alex gets no more messages

    Examples:
      | words                                                     |
      | We have. Ring the shop's owner on 01632 960456.           |
      | The neighbour who saw it is sam.lee@mail.example          |
      | We think it is the man at 12 Kiln Lane, RG1 9ZZ.          |
      | The van that was seen is AB12 CDE.                        |
      | The man we look for, born 3 May 1990, is known to us.     |

  @S-460 @TWO-17
  Scenario: A reply that names another person in the crime is not shown
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And a bicycle theft has been recorded with Alex and Sam in it
    And an hour has passed
    And Alex has signed in from the invitation
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    And Alex has asked "Did anybody see it?"
    When the officer writes in a reply to Alex what Sam saw
    Then the officer is asked to check the reply to Alex
    And Alex never sees the name of Sam

  @S-328 @TWO-17 @TWO-04
  Scenario: A reply that the officer has checked is shown
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    And Alex has asked "Where do I send the receipt?"
    When the officer replies "Send it to bicycles@mail.example and name your reference."
    And an hour passes
    And the officer replies "Send it to bicycles@mail.example and name your reference.", and has checked it
    Then Alex is told by text that there is an update
    And Alex reads "Send it to bicycles@mail.example and name your reference." in the conversation

  @S-329 @TWO-17 @TWO-04
  Scenario: A reply that holds nothing of others is shown at once
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    And Alex has asked "Who do I ring about the insurance?"
    When the officer replies "Call 101 and give them your reference. The shop closed on 3 May, at 5 pm."
    Then Alex is told by text that there is an update
    And Alex reads "Call 101 and give them your reference. The shop closed on 3 May, at 5 pm." in the conversation
    And nobody is asked to check the reply to Alex
