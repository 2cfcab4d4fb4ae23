//! The servers of the course over real sockets: what `README.md` and the book say
//! that they do, seen from outside. One module a theme; a behaviour that several
//! steps share is written once, and `on!` makes a test of it for each step.

mod channels;
mod command_line;
mod commands;
mod descriptors;
mod echo;
mod faults;
mod guards;
mod lines;
mod slow;
mod steps;

/// `on!(behaviour: step …)`: a test `behaviour::step` for each of these steps.
macro_rules! on {
    ($behaviour:ident: $($step:ident)+) => {
        mod $behaviour {
            $(
                #[test]
                fn $step() {
                    super::$behaviour(&$crate::steps::$step());
                }
            )+
        }
    };
}
use on;
