"""Tests that take seconds to minutes: `make quick` leaves them out, `make test` runs them."""
import pytest

SLOW = {
    # simulations of many data sets
    "test_standard_errors_cover",
    "test_intervals_of_counts_hold_the_truth",
    "test_intervals_of_a_curve_hold_its_own_limit",
    "test_intervals_of_coverage_hold_the_truth",
    "test_standard_errors_of_counts_are_the_spread",
    "test_intervals_hold_known_truths",
    "test_other_statistics_of_small_sets_hold_the_truth",
    "test_a_band_holds_the_whole_curve_and_points_do_not",
    "test_calibration_on_laws_of_the_bank",
    "test_saturation_recovers_and_covers",
    # millions of counts, or kernels, wheels and contracts in processes of their own
    "test_counts_in_the_expected_proportions_give_the_example_back",
    "test_any_law_of_difficulty_takes_a_ceiling",
    "test_chapters_run_in_their_own_kernel_and_those_that_fail_are_named",
    "test_core_dependencies_alone_run_the_readme_and_hold_the_results",
    "test_each_planted_import_breaks_it",
}


def pytest_collection_modifyitems(items):
    """Mark what is listed."""
    for item in items:
        if getattr(item, "originalname", item.name) in SLOW:
            item.add_marker(pytest.mark.slow)
