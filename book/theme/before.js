// What mdBook's own script says, in the page's language.
window.causette = {
    words: document.documentElement.lang === 'fr'
        ? { copy: 'Copier', copied: 'Copié !', notCopied: 'La copie a échoué' }
        : { copy: 'Copy', copied: 'Copied!', notCopied: 'It could not be copied' },
};
