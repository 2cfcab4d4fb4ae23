//! What the pictures say, in both languages of the book.

/// A language of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Fr,
}

/// The words of a picture.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    /// For who can't see it; the figures follow.
    pub(crate) description: &'static str,
    /// What stands along the figures.
    pub(crate) axis: &'static str,
}

impl Lang {
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Fr];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    pub(crate) fn clients(self) -> &'static str {
        "clients"
    }

    /// "step 03".
    pub(crate) fn step(self, id: &str) -> String {
        match (self, id.parse::<u8>().is_ok()) {
            (Self::En, true) => format!("step {id}"),
            (Self::Fr, true) => format!("étape {id}"),
            (_, false) => id.to_string(),
        }
    }

    /// Between the whole and the rest of a number.
    pub(crate) fn point(self) -> &'static str {
        match self {
            Self::En => ".",
            Self::Fr => ",",
        }
    }

    /// "Rust: 1: 20k, 10: 150k." for who can't see the line.
    pub(crate) fn colon(self) -> &'static str {
        match self {
            Self::En => ": ",
            Self::Fr => "\u{a0}: ",
        }
    }

    pub(crate) fn echo_rate(self) -> Words {
        match self {
            Self::En => Words {
                title: "Echoes per second, by number of clients",
                description: "Each client has one message on its way. Higher is better.",
                axis: "echoes per second",
            },
            Self::Fr => Words {
                title: "Échos par seconde, selon le nombre de clients",
                description: "Chaque client a un seul message en route. Plus c'est haut, mieux c'est.",
                axis: "échos par seconde",
            },
        }
    }

    pub(crate) fn slowest(self) -> Words {
        match self {
            Self::En => Words {
                title: "The slowest answer of all, by number of clients",
                description: "The longest that any client waited for an echo, or for a line of a calm chat. Lower is better.",
                axis: "milliseconds",
            },
            Self::Fr => Words {
                title: "La réponse la plus lente, selon le nombre de clients",
                description: "Le temps le plus long qu'un client ait attendu un écho, ou une ligne d'un chat calme. Plus c'est bas, mieux c'est.",
                axis: "millisecondes",
            },
        }
    }

    pub(crate) fn deliveries(self) -> Words {
        match self {
            Self::En => Words {
                title: "Chat: deliveries per second, by number of clients",
                description: "Up to ten clients talk as fast as they can; a line that reaches one client is one delivery. Higher is better.",
                axis: "deliveries per second",
            },
            Self::Fr => Words {
                title: "Chat\u{a0}: remises par seconde, selon le nombre de clients",
                description: "Dix clients au plus parlent aussi vite qu'ils peuvent\u{202f}; une ligne qui parvient à un client est une remise. Plus c'est haut, mieux c'est.",
                axis: "remises par seconde",
            },
        }
    }

    pub(crate) fn memory(self) -> Words {
        match self {
            Self::En => Words {
                title: "Memory per client",
                description: "What each client adds to the memory of the server. Lower is better.",
                axis: "KiB",
            },
            Self::Fr => Words {
                title: "Mémoire par client",
                description: "Ce que chaque client ajoute à la mémoire du serveur. Plus c'est bas, mieux c'est.",
                axis: "Kio",
            },
        }
    }

    pub(crate) fn idle(self) -> Words {
        match self {
            Self::En => Words {
                title: "What ten clients keep of their pace beside hundreds of idle ones",
                description: "100 % is the pace of ten clients alone. Higher is better.",
                axis: "%",
            },
            Self::Fr => Words {
                title: "Ce que dix clients gardent de leur allure à côté de centaines d'inactifs",
                description: "100\u{a0}%, c'est l'allure de dix clients seuls. Plus c'est haut, mieux c'est.",
                axis: "%",
            },
        }
    }
}
