"""What a tester gives to a run: order, target, requirements and scenarios, read and checked."""
