"""What a tester gives a run: order, target, requirements and scenarios, read and checked."""
