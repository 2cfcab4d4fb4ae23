//! Time as the core knows it: told by the loop, never asked for.

/// One moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the server started; never goes back.
    pub ms: u64,
    /// Seconds since 1970, in UTC: for people only, because it jumps when
    /// somebody sets the machine's clock.
    pub unix: u64,
}

/// `Wed Nov 25 2026 at 19:02:11 UTC`.
///
/// ```
/// assert_eq!(irc::clock::date(0), "Thu Jan 1 1970 at 00:00:00 UTC");
/// let leap_day = irc::clock::date(951_782_400);
/// assert_eq!(leap_day, "Tue Feb 29 2000 at 00:00:00 UTC");
/// ```
pub fn date(unix: u64) -> String {
    const WEEK: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [(&str, u64); 12] = [
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
        ("Jan", 31),
        ("Feb", 29),
    ];
    let (days, seconds) = (unix / 86_400, unix % 86_400);
    // Years that begin in March end with the day that not all of them have.
    let days_since_march_0 = days + 719_468;
    let era = days_since_march_0 / 146_097;
    let in_era = days_since_march_0 % 146_097;
    let year_of_era =
        (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let leap_days = year_of_era / 4 - year_of_era / 100;
    let mut day = in_era - (365 * year_of_era + leap_days);
    let mut month = "Feb";
    let mut is_next_year = true;
    for (number, (name, length)) in MONTHS.into_iter().enumerate() {
        if day < length {
            (month, is_next_year) = (name, number >= 10);
            break;
        }
        day -= length;
    }
    let year = era * 400 + year_of_era + u64::from(is_next_year);
    let weekday = WEEK[(days % 7) as usize];
    let (hour, minute, second) =
        (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!(
        "{weekday} {month} {} {year} at {hour:02}:{minute:02}:{second:02} UTC",
        day + 1
    )
}
